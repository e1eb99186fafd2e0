import { Aws, Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { jobs, jobZone } from '../../shared/catalog.js';
import { schedulerCron } from './cron.js';
import { capitalised } from './data-stack.js';

/** The jobs on their times. What goes wrong leaves a message in one of two queues, each with its alarm. */
export class JobSchedules extends Construct {
  /** Runs that the scheduler could not hand to the function. */
  readonly undelivered: Queue;
  /** Runs that the function was handed and could not finish, after all retries. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, fn: LambdaFunction) {
    super(scope, id);
    this.undelivered = this.queue('Undelivered', 'the schedules');
    this.failed = this.queue('Failed', 'the jobs function');

    // The scheduler invokes without waiting, so Lambda repeats a failed run: after one minute, then after two more.
    fn.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(6), onFailure: new SqsDestination(this.failed) });

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      description: 'Gongzhi: starts the jobs',
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.undelivered.queueArn] }));
    // The target would add every version and alias of the function, of which there are none.
    const asItIs = role.withoutPolicyUpdates();

    for (const [job, { cron, summary }] of Object.entries(jobs)) {
      const schedule = new Schedule(this, job.split('-').map(capitalised).join(''), {
        description: summary,
        schedule: ScheduleExpression.expression(schedulerCron(cron), TimeZone.of(jobZone)),
        target: new LambdaInvoke(fn, {
          input: ScheduleTargetInput.fromObject({ job, scheduledAt: ContextAttribute.scheduledTime }),
          role: asItIs,
          deadLetterQueue: this.undelivered,
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
        }),
      });
      schedule.node.addDependency(role);
    }
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
