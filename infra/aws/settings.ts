import type { App, Stack } from 'aws-cdk-lib';
import { Architecture, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { type KeySettings, keySettingsOf } from './key-settings.js';

/** What a deployment may choose, by `-c name=value`. */
export interface Settings {
  /** `ap-southeast-1` unless said otherwise. A region of China (`cn-…`) is an account of its own there. */
  readonly region: string;
  /** Not every runtime reaches China with the rest of the world, nor every architecture: `-c runtime=nodejs22.x -c architecture=x86_64`. */
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  /** Who gets the alarms; without one they show on the dashboard alone. */
  readonly alarmEmail?: string;
  /** Where the pages are reached, where that is not the gateway's own name: `https://gongzhi.example.cn`. */
  readonly publicOrigin?: string;
  readonly keys: KeySettings;
}

export function settingsOf({ node }: App): Settings {
  const text = (name: string, usual: string): string => node.tryGetContext(name) ?? usual;
  const architecture = text('architecture', 'arm64');
  if (architecture !== 'arm64' && architecture !== 'x86_64') throw new Error(`architecture is arm64 or x86_64, not ${architecture}`);
  const alarmEmail = text('alarmEmail', '');
  const publicOrigin = text('publicOrigin', '');
  if (publicOrigin && !isOrigin(publicOrigin)) throw new Error(`publicOrigin is https:// and a name, not ${publicOrigin}`);
  return {
    region: text('region', 'ap-southeast-1'),
    runtime: new Runtime(text('runtime', 'nodejs24.x'), RuntimeFamily.NODEJS),
    architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    ...(alarmEmail ? { alarmEmail } : {}),
    ...(publicOrigin ? { publicOrigin } : {}),
    keys: keySettingsOf((name) => node.tryGetContext(name)),
  };
}

/** As a browser writes it: no path, no port that goes without saying, no ending slash. */
const isOrigin = (text: string): boolean => URL.canParse(text) && text.startsWith('https://') && new URL(text).origin === text;

export const isInChina = (stack: Stack): boolean => stack.region.startsWith('cn-');
