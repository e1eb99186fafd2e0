import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type DomainName, domains, jobUses, type Uses } from '../../shared/catalog.js';
import type { FunctionName } from '../bundle/functions.js';
import { Alarms } from './alarms.js';
import { dashboard } from './dashboard.js';
import type { DataStack } from './data-stack.js';
import { grantMasterSecret, grantUses } from './grants.js';
import { HttpRoutes } from './http-routes.js';
import { JobSchedules } from './job-schedules.js';
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
/** A district's sites one after the other, at three requests each, are minutes. */
const running: Size = { memoryMb: 1024, timeout: Duration.minutes(15) };

/** What runs. It keeps nothing, and can be taken down and put up again beside the data. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data, bundles, ...props }: ServiceProps) {
    super(scope, id, props);
    const functionOf = (name: FunctionName, size: Size) => new ServiceFunction(this, name, { ...size, ...settings, bundles });
    const working = (name: FunctionName, size: Size, uses: Uses) => {
      const made = functionOf(name, size);
      grantUses(made.fn, data.tables, uses);
      return made;
    };
    const answer = (name: FunctionName, uses: Uses) => {
      const made = working(name, answering, uses);
      grantMasterSecret(made.fn, data.masterSecret, data.key);
      return made;
    };

    const entries = Object.entries(domains) as [DomainName, { uses: Uses }][];
    const answers = entries.map(([name, { uses }]) => [name, answer(name, uses)] as const);
    const jobs = working('jobs', running, jobUses);
    const pages = functionOf('pages', servingPages);

    const routes = new HttpRoutes(this, 'Http', {
      ...(Object.fromEntries(answers.map(([name, { fn }]) => [name, fn])) as Record<DomainName, ServiceFunction['fn']>),
      pages: pages.fn,
    });
    const schedules = new JobSchedules(this, 'Schedules', jobs.fn);

    const functions = [...answers.map(([, made]) => made), jobs, pages];
    const shown = { functions, tables: Object.values(data.tables), routes, schedules };
    const alarms = new Alarms(this, 'Alarms', { ...shown, jobs, ...(settings.alarmEmail ? { email: settings.alarmEmail } : {}) });
    dashboard(this, { ...shown, alarms });

    new CfnOutput(this, 'Address', { value: routes.api.apiEndpoint });
  }
}
