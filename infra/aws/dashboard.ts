import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.js';
import type { KeptTable } from './data-stack.js';
import type { HttpRoutes } from './http-routes.js';
import type { JobSchedules } from './job-schedules.js';
import type { ServiceFunction } from './service-function.js';

interface Shown {
  readonly alarms: Alarms;
  readonly functions: readonly ServiceFunction[];
  readonly tables: readonly KeptTable[];
  readonly routes: HttpRoutes;
  readonly schedules: JobSchedules;
}

/** The service on one page, from what people notice down to what may be the cause. */
export function dashboard(scope: Construct, { alarms, functions, tables, routes: { stage }, schedules }: Shown): Dashboard {
  const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget => new GraphWidget({ title, left, right, width: 12 });
  return new Dashboard(scope, 'Dashboard', {
    widgets: [
      [new AlarmStatusWidget({ title: 'Who is hurt now', alarms: alarms.all, width: 24 })],
      [
        graph('Requests, and those refused or failed', [stage.metricCount()], [stage.metricClientError(), stage.metricServerError()]),
        graph('How long people wait (ms)', [stage.metricLatency({ statistic: 'p50' }), stage.metricLatency({ statistic: 'p95' })]),
      ],
      [
        graph(
          'How long functions take (p95, ms)',
          functions.map(({ name, fn }) => fn.metricDuration({ label: name, statistic: 'p95' })),
        ),
        graph(
          'Functions: failures and refusals',
          functions.map(({ name, fn }) => fn.metricErrors({ label: name })),
          functions.map(({ name, fn }) => fn.metricThrottles({ label: name })),
        ),
      ],
      [
        graph(
          'Tables: units written and read',
          tables.map(({ name, table }) => table.metricConsumedWriteCapacityUnits({ label: `${name} written` })),
          tables.map(({ name, table }) => table.metricConsumedReadCapacityUnits({ label: `${name} read` })),
        ),
        graph('Jobs: undelivered and failed runs', [
          schedules.undelivered.metricApproximateNumberOfMessagesVisible({ label: 'undelivered' }),
          ...Object.entries(schedules.failed).map(([name, queue]) =>
            queue.metricApproximateNumberOfMessagesVisible({ label: `failed: ${name}` }),
          ),
        ]),
      ],
    ],
  });
}
