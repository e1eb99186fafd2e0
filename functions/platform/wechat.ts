/** Who came back from WeChat's authorise page. `openid` is the person within our official account, and nobody elsewhere. */
export interface WeChatUser {
  readonly openid: string;
  /** A page opened in snapshot mode gives a made-up, shared user: nobody who could sign in. */
  readonly snapshot: boolean;
}

/** Why WeChat refused, by its own `errcode`. `busy` (-1) and a lost connection may pass; the others will not. */
export class WeChatRefused extends Error {
  constructor(
    readonly errcode: number | 'unreachable',
    readonly reason: 'code_used' | 'code_invalid' | 'token_invalid' | 'not_following' | 'busy' | 'limit_reached' | 'other',
  ) {
    super(`WeChat answered ${errcode} (${reason})`);
  }
}

/** A token or ticket of WeChat, with the seconds it lives from now. */
export interface WeChatToken {
  readonly value: string;
  readonly expiresIn: number;
}

export interface TemplateMessage {
  readonly openid: string;
  readonly templateId: string;
  /** Not sent twice to one openid within ten minutes. */
  readonly clientMessageId: string;
  readonly url?: string;
  readonly data: Readonly<Record<string, string>>;
}

/** The official account's side of WeChat. Every call goes over the network; the token's life is the caller's to keep. */
export interface WeChat {
  readonly appId: string;
  /** The address of the authorise page (`snsapi_base`: no question to the person). */
  authorizeUrl(redirectUri: string, state: string): string;
  /** Trades a code for its user. Throws `WeChatRefused`. */
  userOf(code: string): Promise<WeChatUser>;
  /** A fresh access token of the account itself (`cgi-bin/stable_token`). */
  accessToken(): Promise<WeChatToken>;
  /** The ticket that signs pages for the JS-SDK. */
  jsTicket(accessToken: string): Promise<WeChatToken>;
  /** Sends a template message and gives its `msgid`. */
  sendTemplate(accessToken: string, message: TemplateMessage): Promise<string>;
}
