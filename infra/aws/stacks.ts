import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './data-stack.js';
import { ServiceStack } from './service-stack.js';
import { settingsOf } from './settings.js';

/** The two stacks, with the checks: an error stops the synthesis, and so does a warning under `cdk synth --strict`. */
export function addStacks(app: App, bundles: string): { readonly data: DataStack; readonly service: ServiceStack } {
  const settings = settingsOf(app);
  const env = { region: settings.region };
  const data = new DataStack(app, 'GongzhiData', { env, description: 'Gongzhi: what the city keeps', keys: settings.keys });
  const service = new ServiceStack(app, 'GongzhiService', { env, description: 'Gongzhi: what runs', settings, data, bundles });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}
