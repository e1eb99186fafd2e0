import { Aws, Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IFunction, type IVersion, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, type ScheduleTargetBaseProps } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { jobs, jobZone, type RunnerName } from '../../shared/catalog.js';
import { schedulerCron } from './cron.js';
import { capitalised } from './data-stack.js';

/**
 * The jobs on their times. What goes wrong leaves a message in a queue with its alarm; but a job that comes again a
 * minute later is its own retry, and sixty messages an hour would bury the one that matters: it is let go, and its
 * silence is what alarms.
 */
export class JobSchedules extends Construct {
  /** Runs that the scheduler could not hand to a function. */
  readonly undelivered: Queue;
  /** Runs that a function was handed and could not finish, after all retries. */
  readonly failed: Readonly<Record<RunnerName, Queue>>;

  constructor(scope: Construct, id: string, functions: Readonly<Record<RunnerName, LambdaFunction>>) {
    super(scope, id);
    this.undelivered = this.queue('Undelivered', 'the schedules');
    const runners = Object.entries(functions) as [RunnerName, LambdaFunction][];
    this.failed = Object.fromEntries(runners.map(([name, fn]) => [name, this.failedOf(name, fn)])) as Record<RunnerName, Queue>;

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      description: 'Gongzhi: starts the jobs',
    });
    const mayInvoke = (resources: string[]) => role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
    mayInvoke(runners.map(([, fn]) => fn.functionArn));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn] }));
    // A target would add every version and alias of its function, of which it needs none.
    const common = { role: role.withoutPolicyUpdates() };

    for (const [job, { runner, cron, summary }] of Object.entries(jobs)) {
      const input = ScheduleTargetInput.fromObject({ job, scheduledAt: ContextAttribute.scheduledTime });
      const name = job.split('-').map(capitalised).join('');
      const alias = comesEveryMinute(cron) ? this.letGo(`${name}Once`, functions[runner]) : undefined;
      if (alias) mayInvoke([alias.functionArn]);
      const tries: ScheduleTargetBaseProps = alias
        ? { retryAttempts: 0, maxEventAge: Duration.minutes(1) }
        : { retryAttempts: 10, maxEventAge: Duration.hours(6), deadLetterQueue: this.undelivered };
      const schedule = new Schedule(this, name, {
        description: summary,
        schedule: ScheduleExpression.expression(schedulerCron(cron), TimeZone.of(jobZone)),
        target: new LambdaInvoke((alias ?? functions[runner]) as IFunction, { ...common, ...tries, input }),
      });
      schedule.node.addDependency(role);
    }
  }

  /** The scheduler invokes without waiting, so Lambda repeats a failed run: after one minute, then after two more. */
  private failedOf(name: RunnerName, fn: LambdaFunction): Queue {
    const queue = this.queue(`${capitalised(name)}Failed`, `the ${name} function`);
    fn.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure: new SqsDestination(queue) });
    return queue;
  }

  /** The function under a name by which a run is tried once, and not kept for later. */
  private letGo(name: string, fn: LambdaFunction): Alias {
    const version = fn.currentVersion as IVersion;
    return new Alias(this, name, { aliasName: 'once', version, retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  }

  private queue(name: string, of: string): Queue {
    const queue = new Queue(this, name, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: `The queue is itself where the failures of ${of} end up.` });
    return queue;
  }
}

export const comesEveryMinute = (cron: string): boolean => cron === '* * * * *';
