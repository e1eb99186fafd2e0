import { expect, test } from 'vitest';
import { schedulerCron } from '../../infra/aws/cron.js';
import { absentInChina } from './aws-china.js';

test.each([
  ['AWS::Cognito::UserPool', {}],
  ['AWS::Lambda::Url', {}],
  ['AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } }],
  ['AWS::CloudWatch::Alarm', { MetricName: 'AsyncEventsDropped' }],
  ['AWS::SNS::Subscription', { Protocol: 'sms' }],
  ['AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: { CachePolicyId: 'x' } } }],
  ['AWS::SQS::QueuePolicy', { Resource: 'arn:aws:sqs:cn-northwest-1:1:q' }],
])('China lacks %s with %j', (Type, Properties) => {
  expect(absentInChina({ Type, Properties })).toHaveLength(1);
});

test.each([
  ['0 2 * * 1', 'cron(0 2 ? * MON *)'],
  ['30 23 * * *', 'cron(30 23 * * ? *)'],
  ['0 4 1 1,7 *', 'cron(0 4 1 1,7 ? *)'],
  ['15 6 * * 1-5', 'cron(15 6 ? * MON-FRI *)'],
  ['0 0 * * 0', 'cron(0 0 ? * SUN *)'],
])('a job at %s starts at %s', (line, expected) => {
  expect(schedulerCron(line)).toBe(expected);
});

test.each(['*/5 * * * *', '0 2 1 * 1', '0 2 * * MON', '0 2 * *', '0 2 * * 8', '0 2 * * * *'])(
  'a job at %s is refused, since the scheduler would read it in another way',
  (line) => {
    expect(() => schedulerCron(line)).toThrow(line);
  },
);
