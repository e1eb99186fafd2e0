import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Domain, type DomainName, domains, type RunnerName, runners } from '../../shared/catalog.js';
import type { FunctionName } from '../bundle/functions.js';
import { Alarms } from './alarms.js';
import { dashboard } from './dashboard.js';
import type { DataStack } from './data-stack.js';
import { grantUses } from './grants.js';
import { HttpRoutes } from './http-routes.js';
import { JobSchedules } from './job-schedules.js';
import { grantOutside, grantPersonal, grantRewrapping, grantSigning, grantVerifying } from './key-grants.js';
import { ServiceFunction, type Size } from './service-function.js';
import type { Settings } from './settings.js';

export interface ServiceProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  /** The folder with a folder of code for each function. */
  readonly bundles: string;
}

/** The gateway gives up after 30 seconds; the function ends before, so that its log tells of it. */
const answering: Size = { memoryMb: 1024, timeout: Duration.seconds(28) };
const servingPages: Size = { memoryMb: 512, timeout: Duration.seconds(10) };
/** A district's sites one after the other, or a table read through, are minutes. */
const runningJobs: Size = { memoryMb: 1024, timeout: Duration.minutes(15) };

type Needs = Pick<Domain, 'uses' | 'keys' | 'reachesOut'>;

/** What runs. It keeps nothing, and can be taken down and put up again beside the data. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data, bundles, ...props }: ServiceProps) {
    super(scope, id, props);
    const functionOf = (name: FunctionName, size: Size) => new ServiceFunction(this, name, { ...size, ...settings, bundles });
    const { publicOrigin } = settings;
    const working = (name: FunctionName, size: Size, { uses, keys = [], reachesOut = false }: Needs) => {
      const made = functionOf(name, size);
      const { fn } = made;
      grantUses(fn, data.tables, uses);
      if (keys.includes('sign')) grantSigning(fn, data);
      if (keys.includes('personal')) grantPersonal(fn, data, uses);
      if (reachesOut) grantOutside(fn, data);
      if (publicOrigin) fn.addEnvironment('PUBLIC_ORIGIN', publicOrigin);
      return made;
    };
    const eachOf = <Name extends FunctionName>(all: Readonly<Record<Name, Needs>>, size: Size) => {
      const made = (Object.keys(all) as Name[]).map((name) => [name, working(name, size, all[name])] as const);
      return Object.fromEntries(made) as Record<Name, ServiceFunction>;
    };

    const answers = eachOf<DomainName>(domains, answering);
    for (const { fn } of Object.values(answers)) grantVerifying(fn, data);
    const running = eachOf<RunnerName>(runners, runningJobs);
    grantRewrapping(running.caretaker.fn, data, runners.caretaker.uses);
    const pages = functionOf('pages', servingPages);

    const routes = new HttpRoutes(this, 'Http', { ...functionsOf(answers), pages: pages.fn });
    const schedules = new JobSchedules(this, 'Schedules', functionsOf(running));

    const functions = { ...answers, ...running, pages };
    const shown = { functions, tables: Object.values(data.tables), routes, schedules };
    const alarms = new Alarms(this, 'Alarms', { ...shown, ...(settings.alarmEmail ? { email: settings.alarmEmail } : {}) });
    dashboard(this, { ...shown, functions: Object.values(functions), alarms });

    new CfnOutput(this, 'Address', { value: routes.api.apiEndpoint });
  }
}

const functionsOf = <Name extends string>(made: Readonly<Record<Name, ServiceFunction>>) =>
  Object.fromEntries(Object.entries<ServiceFunction>(made).map(([name, { fn }]) => [name, fn])) as Record<Name, ServiceFunction['fn']>;
