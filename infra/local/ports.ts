import { randomUUID } from 'node:crypto';
import { connect } from '../../functions/database/client.js';
import { weChatTemplate } from '../../functions/messages/wechat-template.js';
import { wechatTokens } from '../../functions/messages/wechat-tokens.js';
import { keysOf } from '../../functions/platform/keys.js';
import type { OutsidePorts, Ports } from '../../functions/platform/ports.js';
import { tokensOf } from '../../functions/platform/tokens.js';
import type { WeChat } from '../../functions/platform/wechat.js';
import { templateNames } from '../../shared/messages/templates.js';
import { localClient } from './engine.js';
import { fileVault } from './key-file.js';
import { localTableNames } from './tables.js';

/** A field for each variable a text may have, and one for the text itself. */
const fields = ['thing1', 'thing2', 'thing3'];
const everyTemplate = Object.fromEntries(templateNames.map((name) => [name, { templateId: name, fields }]));

/** The ports of the service on this machine: the database at an address, keys from a file, and what reaches people. */
export function localPorts(endpoint: string, dataDir: string, { messages, wechat }: OutsidePorts, now: () => Date): Ports {
  const vault = fileVault(dataDir);
  const keys = keysOf(vault);
  const db = connect(localClient(endpoint));
  const templates = (weChat: WeChat) => {
    const { accessToken } = wechatTokens(db, localTableNames.messages, { keys, wechat: weChat, now });
    return { wechat: weChatTemplate({ weChat, accessToken, templates: everyTemplate }) };
  };
  return {
    db,
    tableNames: localTableNames,
    keys,
    wechat,
    messages: { ...messages, ...(wechat ? templates(wechat) : {}) },
    tokens: tokensOf(vault),
    hashOfAddress: (address) => keys.fingerprint('address', address),
    now,
    newId: randomUUID,
    // The local host speaks plain HTTP, where a browser keeps no Secure cookie.
    secureCookies: false,
  };
}
