import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { schedulerCron } from '../../infra/aws/cron.js';
import { keySettingsOf } from '../../infra/aws/key-settings.js';
import { settingsOf } from '../../infra/aws/settings.js';
import { type FunctionName, functionNames } from '../../infra/bundle/functions.js';
import { absentInChina } from './aws-china.js';
import { wrongsOf } from './aws-rights.js';
import type { Statement } from './aws-templates.js';

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

describe('a right that breaks a promise is found', () => {
  const bound = { StringEquals: { 'kms:EncryptionContext:table': ['accounts'] }, Null: { 'kms:EncryptionContext:record': 'false' } };
  const loose = { StringEquals: { 'kms:EncryptionContext:table': ['accounts', 'sorting'] }, Null: bound.Null };
  const planted: [FunctionName, string, string, Statement['condition'], string][] = [
    ['accounts', 'kms:Sign', 'SigningKeyA', undefined, 'only who signs in signs'],
    ['sessions', 'kms:ScheduleKeyDeletion', 'SigningKeyA', undefined, 'not what a signing key is for'],
    ['caretaker', 'kms:GetPublicKey', 'SigningKeyA', undefined, 'no token to verify'],
    ['sorting', 'kms:Decrypt', 'PersonalKeyA', bound, 'a key of personal fields'],
    ['jobs', 'kms:Decrypt', 'ForeignKey', bound, 'a key of personal fields'],
    ['accounts', 'kms:Decrypt', 'PersonalKeyA', undefined, 'not bound to a table and a record'],
    ['accounts', 'kms:Decrypt', 'PersonalKeyA', { StringEquals: bound.StringEquals }, 'not bound to a table and a record'],
    ['accounts', 'kms:Decrypt', 'PersonalKeyA', loose, 'not bound to a table and a record'],
    ['privacy', 'kms:ReEncryptFrom', 'PersonalKeyA', bound, 'only the caretaker wraps anew'],
    ['messages', 'kms:Decrypt', 'Key', undefined, 'the tables’ key is used through a service alone'],
    ['rollups', 'dynamodb:Scan', 'Sorting', undefined, 'only the caretaker reads tables through'],
    ['privacy', 'dynamodb:DeleteItem', 'Audit', undefined, 'the record is only added to'],
    ['places', 'dynamodb:UpdateItem', 'Audit', undefined, 'the record is only added to'],
    ['audit', 'dynamodb:BatchWriteItem', 'Audit', undefined, 'the record is only added to'],
    ['messages', 'secretsmanager:GetSecretValue', 'LookUpSecret', undefined, 'a secret of those who open personal fields'],
    ['accounts', 'secretsmanager:GetSecretValue', 'OutsideSecret', undefined, 'a secret of those who reach out'],
    ['accounts', 'sns:Publish', '*', undefined, 'everything'],
    ['sessions', 'sns:Publish', 'topics', undefined, 'a topic'],
    ['sessions', 'dynamodb:GetItem', '*', undefined, 'everything'],
    ['places', 'dynamodb:*', 'Places', undefined, 'more than one action'],
  ];
  test.each(planted)('%s may %s on %s', (name, action, resource, condition, wrong) => {
    const statement = { effect: 'Allow' as const, actions: [action], resources: [resource], condition };
    expect(wrongsOf(name, [statement])).toContain(`${action} on ${resource}: ${wrong}`);
  });

  test('and SMS to numbers without a refusal of topics', () => {
    const sms = { effect: 'Allow' as const, actions: ['sns:Publish'], resources: ['*'] };
    expect(wrongsOf('sessions', [sms])).toEqual(['sns:Publish on *: topics are not denied']);
    expect(wrongsOf('sessions', [sms, { ...sms, effect: 'Deny', resources: ['topics'] }])).toEqual([]);
  });

  test('of every function that has no key, whatever KMS is asked to do', () => {
    for (const name of functionNames.filter((name) =>
      ['messages', 'audit', 'places', 'sorting', 'rollups', 'jobs', 'pages'].includes(name),
    )) {
      for (const action of ['kms:Sign', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptTo', 'kms:CreateGrant']) {
        for (const resource of ['SigningKeyA', 'PersonalKeyA']) {
          expect(wrongsOf(name, [{ effect: 'Allow', actions: [action], resources: [resource], condition: bound }])).toHaveLength(1);
        }
      }
    }
  });
});

describe('the keys of a deployment', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const settings = (context: Record<string, unknown>) => keySettingsOf((name) => context[name], now);
  const key = (name: string, signsFrom: string, retired = false) => ({ name, signsFrom, retired });
  const [old, next] = ['2026-01-01T00:00:00Z', '2026-11-24T11:30:00Z'];

  test('are one that signs and one that seals, unless it says otherwise', () => {
    expect(settings({})).toEqual({
      signingKeys: [key('a', '2026-01-01T00:00:00.000Z')],
      personalKeys: ['a'],
      formerPersonalKeys: [],
    });
  });

  test('come as text from the command line, or as they are from cdk.json, in whatever order', () => {
    const listed = [{ name: 'b', signsFrom: next }, key('a', old, true)];
    const expected = [key('a', '2026-01-01T00:00:00.000Z', true), key('b', '2026-11-24T11:30:00.000Z')];
    expect(settings({ signingKeys: listed }).signingKeys).toEqual(expected);
    expect(settings({ signingKeys: JSON.stringify(listed) }).signingKeys).toEqual(expected);
  });

  test.each([
    [{ signingKeys: [] }, 'none of them signs yet'],
    [{ signingKeys: [key('a', '2026-12-01T00:00:00Z')] }, 'none of them signs yet'],
    [{ signingKeys: [key('a', old, true)] }, 'none of them signs yet'],
    [{ signingKeys: [key('a', old), key('a', next)] }, 'a is there twice'],
    [{ signingKeys: [key('a', old), key('b', old)] }, 'is there twice'],
    [{ signingKeys: [key('a', old, true), key('b', '2026-11-24T11:50:00Z')] }, 'a is retired before the key after it has signed'],
    [{ signingKeys: [key('a', old), key('b', next, true)] }, 'b is retired before'],
    [{ signingKeys: [{ name: 'a', from: old }] }, 'signingKeys does not read'],
    [{ signingKeys: [key('a', 'tomorrow')] }, 'signingKeys does not read'],
    [{ signingKeys: [key('A key', old)] }, 'signingKeys does not read'],
    [{ signingKeys: '[{' }, 'signingKeys does not read'],
    [{ personalKeys: [] }, 'personalKeys does not read'],
    [{ personalKeys: ['a', 'a'] }, 'a is there twice'],
    [{ formerPersonalKeys: ['alias/old'] }, 'formerPersonalKeys does not read'],
  ])('are refused as %j', (context, said) => {
    expect(() => settings(context)).toThrow(said);
  });

  test.each([
    'http://gongzhi.example.cn',
    'https://gongzhi.example.cn/',
    'https://gongzhi.example.cn/city',
    'gongzhi.example.cn',
    'https://',
  ])('go with no pages at %s', (publicOrigin) => {
    expect(() => settingsOf(new App({ context: { publicOrigin } }))).toThrow('publicOrigin');
  });

  test('go with pages at an origin, or at the gateway’s own name', () => {
    expect(settingsOf(new App({ context: { publicOrigin: 'https://gongzhi.example.cn' } })).publicOrigin).toBe(
      'https://gongzhi.example.cn',
    );
    expect(settingsOf(new App()).publicOrigin).toBeUndefined();
  });
});
