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
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RunnerName } from '../../shared/catalog.js';
import type { JobName } from '../../shared/jobs/rules.js';
import type { FunctionName } from '../bundle/functions.js';
import { capitalised, type KeptTable } from './data-stack.js';
import type { HttpRoutes } from './http-routes.js';
import type { JobSchedules } from './job-schedules.js';
import type { ServiceFunction } from './service-function.js';
import * as words from './whom-it-hurts.js';

const fiveMinutes = Duration.minutes(5);
const namespace = 'Gongzhi';
interface Watched {
  readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;
  readonly tables: readonly KeptTable[];
  readonly routes: HttpRoutes;
  readonly schedules: JobSchedules;
  readonly email?: string;
}

/** Every alarm says whom it hurts and where to look; all go to one topic. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { functions, tables, routes, schedules, email }: Watched) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Gongzhi', enforceSSL: true });
    const ours = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', ours));
    if (email) this.topic.addSubscription(new EmailSubscription(email));

    const all = Object.values(functions);
    for (const watched of all) this.functionFails(watched);
    for (const kept of tables) this.tableFails(kept);
    this.serviceIsSlowOrRefuses(routes);
    this.queueFills(
      'Undelivered',
      schedules.undelivered,
      `${words.whenUndelivered} Look at the message in the queue and at the schedules.`,
    );
    for (const [name, queue] of Object.entries(schedules.failed) as [RunnerName, Queue][]) {
      const look = `Look at job_failed in the log of the ${name} function.`;
      this.queueFills(`${capitalised(name)}FailedRuns`, queue, `${words.whenRunFailed[name]} ${look}`);
    }
    this.messagesStay(functions);
    const daily = { period: Duration.hours(1), evaluationPeriods: 26 };
    this.silence('NoRollup', 'roll-up-day', functions.jobs, { ...daily, alarmDescription: words.whenNoRollup });
    this.silence('NoPurge', 'purge', functions.caretaker, { ...daily, alarmDescription: words.whenNoPurge });
    const often = { period: fiveMinutes, evaluationPeriods: 3 };
    this.silence('NothingSent', 'send-messages', functions.caretaker, { ...often, alarmDescription: words.whenNothingSent });
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

  private serviceIsSlowOrRefuses({ stage }: HttpRoutes): void {
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
    // Of the whole account, as its limit is.
    this.watch('ServiceRefuses', LambdaFunction.metricAllThrottles({ period: fiveMinutes }), {
      alarmDescription: `${words.whenRefused} Look at the account’s limit of concurrent functions.`,
      threshold: 10,
      evaluationPeriods: 1,
    });
  }

  private queueFills(name: string, queue: Queue, alarmDescription: string): void {
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes });
    this.watch(name, waiting, { alarmDescription, threshold: 1, evaluationPeriods: 1 });
  }

  /** A code or message that a provider does not take is no fault of a function, and still does not arrive. */
  private messagesStay({ sessions, caretaker }: Watched['functions']): void {
    const codes = this.events('code_not_sent', sessions).metric({ statistic: 'Sum', period: fiveMinutes });
    this.watch('CodesNotSent', codes, {
      alarmDescription: `${words.whenCodesNotSent} Look at code_not_sent in the log of the sessions function for the provider’s code.`,
      threshold: 3,
      evaluationPeriods: 1,
    });
    const givenUp = this.events('message_given_up', caretaker).metric({ statistic: 'Sum', period: Duration.hours(1) });
    this.watch('MessagesGivenUp', givenUp, {
      alarmDescription: `${words.whenGivenUp} Look at message_given_up in the log of the caretaker function for the provider’s codes.`,
      threshold: 5,
      evaluationPeriods: 1,
    });
  }

  /** Silence is the failure here: nothing else tells of a schedule that was switched off or never made. */
  private silence(
    name: string,
    job: JobName,
    runner: ServiceFunction,
    { alarmDescription, evaluationPeriods, period }: { alarmDescription: string; evaluationPeriods: number; period: Duration },
  ): void {
    const done = this.events('job_done', runner, job).metric({ statistic: 'Sum', period });
    this.watch(name, done, {
      alarmDescription: `${alarmDescription} Look whether the schedules are on. A new deployment raises this until the first run.`,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** How often a line of the log tells of an event, of one job where one is named. */
  private events(event: string, { log }: ServiceFunction, job?: JobName): MetricFilter {
    const told = FilterPattern.stringValue('$.event', '=', event);
    const metricName = [job, event].filter(Boolean).join('-').replaceAll('_', '-');
    return new MetricFilter(this, metricName.split('-').map(capitalised).join(''), {
      logGroup: log,
      filterPattern: job ? FilterPattern.all(told, FilterPattern.stringValue('$.job', '=', job)) : told,
      metricNamespace: namespace,
      metricName,
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
