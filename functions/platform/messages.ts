/** A message to a phone, in E.164. What it says depends on its kind. */
export type Message = { readonly to: string } & { readonly kind: 'sign_in_code'; readonly code: string };

/** Sends messages. Throws where the way out is closed; whether the phone received it is not known here. */
export interface Messages {
  send(message: Message): Promise<void>;
}

/** The text of a message, as the person reads it. */
export function textOf({ code }: Message): string {
  return `【共治】验证码 ${code}，五分钟内有效。Your code is ${code}, valid for five minutes.`;
}
