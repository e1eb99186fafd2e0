import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answers } from './answers.js';
import { openidOf } from './people.js';
import type { Delivered } from './templates.js';
import { answerOver } from './web.js';

export interface WeChatSettings {
  /** 0 takes any free one. */
  readonly port: number;
  readonly appId: string;
  readonly appSecret: string;
  readonly now: () => Date;
  /** Called with each template message as it is delivered. */
  readonly onTemplate?: (message: Delivered) => void;
}

export interface StandIn {
  /** Both WeChat's API and its authorise page: `apiBase` and `openBase`. */
  readonly url: string;
  openidOf(name: string): string;
  setFollowing(openid: string, follows: boolean): void;
  /** The next calls of the API are answered with -1, as many as this. */
  setBusy(times: number): void;
  stop(): Promise<void>;
}

/** Stands in for WeChat's servers on this machine: the same protocol, and invented people. What it knows is in memory. */
export async function startWeChat({ port, appId, appSecret, now, onTemplate = () => undefined }: WeChatSettings): Promise<StandIn> {
  const { routes, setBusy, setFollowing } = answers({ appId, appSecret, now, onTemplate });
  const server = createServer(answerOver(routes));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openidOf: (name) => openidOf(appId, name),
    setFollowing,
    setBusy,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
