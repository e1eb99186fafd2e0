import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { JobName } from '../../shared/rollups/rules.js';
import { capitalised, type KeptTable } from './data-stack.js';
import type { HttpRoutes } from './http-routes.js';
import type { JobSchedules } from './job-schedules.js';
import type { ServiceFunction } from './service-function.js';
import * as words from './whom-it-hurts.js';

const fiveMinutes = Duration.minutes(5);
const namespace = 'Gongzhi';
/** The job that runs every night: a day without it is a day missed. */
const nightly: JobName = 'roll-up-day';

interface Watched {
  readonly functions: readonly ServiceFunction[];
  readonly tables: readonly KeptTable[];
  readonly routes: HttpRoutes;
  readonly schedules: JobSchedules;
  readonly jobs: ServiceFunction;
  readonly email?: string;
}

/** Every alarm says whom it hurts and where to look; all go to one topic. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { functions, tables, routes, schedules, jobs, email }: Watched) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Gongzhi', enforceSSL: true });
    const ours = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', ours));
    if (email) this.topic.addSubscription(new EmailSubscription(email));

    for (const watched of functions) this.functionFails(watched);
    for (const kept of tables) this.tableFails(kept);
    this.serviceIsSlowOrRefuses(routes, functions);
    this.queueFills(
      'Undelivered',
      schedules.undelivered,
      `${words.whenUndelivered} Look at the message in the queue and at the schedules.`,
    );
    this.queueFills('FailedRuns', schedules.failed, `${words.whenRunFailed} Look at job_failed in the log of the jobs function.`);
    this.noRollup(jobs);
  }

  /** The function threw or ran out of time, or it caught a fault of ours and answered 500. */
  private functionFails({ name, fn, log }: ServiceFunction): void {
    const faults = new MetricFilter(this, `${capitalised(name)}Faults`, {
      logGroup: log,
      filterPattern: FilterPattern.stringValue('$.level', '=', 'error'),
      metricNamespace: namespace,
      metricName: `${name}-faults`,
    }).metric({ statistic: 'Sum', period: fiveMinutes });
    const broken = sumOf({ thrown: fn.metricErrors({ period: fiveMinutes }), faults });
    this.watch(`${capitalised(name)}Fails`, broken, {
      alarmDescription: `${words.whenFunctionFails[name]} Look at the errors in the log of the ${name} function.`,
      threshold: 3,
      evaluationPeriods: 1,
    });
  }

  private tableFails({ name, table }: KeptTable): void {
    const metric = (metricName: string): Metric => table.metric(metricName, { statistic: 'Sum', period: fiveMinutes });
    const throttled = sumOf({ reads: metric('ReadThrottleEvents'), writes: metric('WriteThrottleEvents') });
    this.watch(`${capitalised(name)}TableFails`, throttled, {
      alarmDescription: `${words.whenTableFails[name]} The ${name} table refuses requests: look for one key that takes them all.`,
      threshold: 20,
      evaluationPeriods: 2,
    });
  }

  private serviceIsSlowOrRefuses({ stage }: HttpRoutes, functions: readonly ServiceFunction[]): void {
    this.watch('ServiceBroken', stage.metricServerError({ statistic: 'Sum', period: fiveMinutes }), {
      alarmDescription: `${words.whenBroken} Look at the access log for the routes with status 5xx.`,
      threshold: 5,
      evaluationPeriods: 2,
    });
    this.watch('ServiceSlow', stage.metricLatency({ statistic: 'p95', period: fiveMinutes }), {
      alarmDescription: `${words.whenSlow} Look at the access log for the routes with the highest ms.`,
      threshold: 3000,
      evaluationPeriods: 3,
    });
    const refused = sumOf(Object.fromEntries(functions.map(({ name, fn }) => [name, fn.metricThrottles({ period: fiveMinutes })])));
    this.watch('ServiceRefuses', refused, {
      alarmDescription: `${words.whenRefused} Look at the account’s limit of concurrent functions.`,
      threshold: 10,
      evaluationPeriods: 1,
    });
  }

  private queueFills(name: string, queue: Queue, alarmDescription: string): void {
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes });
    this.watch(name, waiting, { alarmDescription, threshold: 1, evaluationPeriods: 1 });
  }

  /** Silence is the failure here: nothing else tells of a schedule that was switched off or never made. */
  private noRollup({ log }: ServiceFunction): void {
    const done = new MetricFilter(this, 'NightlyDone', {
      logGroup: log,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.event', '=', 'job_done'),
        FilterPattern.stringValue('$.job', '=', nightly),
      ),
      metricNamespace: namespace,
      metricName: 'nightly-done',
    }).metric({ statistic: 'Sum', period: Duration.hours(1) });
    this.watch('NoRollup', done, {
      alarmDescription: `${words.whenNoRollup} Look whether the schedules are on. A new deployment raises this until its first night.`,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 26,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private watch(name: string, metric: IMetric, options: CreateAlarmOptions): void {
    const alarm = new Alarm(this, name, {
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.all.push(alarm);
  }
}

/** A metric without a data point counts as none: on its own it would leave the sum empty. */
const sumOf = (usingMetrics: Record<string, IMetric>): MathExpression =>
  new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics,
    period: fiveMinutes,
  });
