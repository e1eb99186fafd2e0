import { beforeAll, describe, expect, test } from 'vitest';
import { schedulerCron } from '../../infra/aws/cron.js';
import { capitalised } from '../../infra/aws/data-stack.js';
import { type FunctionName, functionNames } from '../../infra/bundle/functions.js';
import { tableInput } from '../../infra/local/tables.js';
import { contract, domains, jobs, jobUses, jobZone, pagesRoute, type Table, tables, type Uses } from '../../shared/catalog.js';
import { absentInChina } from './aws-china.js';
import { allOf, functionOf, ofType, pointsAt, type Region, regions, type Synthesis, statementsOf, synthesise } from './aws-templates.js';

let syntheses: Record<Region, Synthesis>;
beforeAll(async () => {
  syntheses = await synthesise();
});

/** The tables that the catalogue gives each function. */
const usesOf: Record<FunctionName, Uses> = {
  ...(Object.fromEntries(Object.entries(domains).map(([name, { uses }]) => [name, uses])) as Record<keyof typeof domains, Uses>),
  jobs: jobUses,
  pages: {},
};
const indexesOf = (name: string) => {
  const { global = {}, local = {} } = (tables as Record<string, Table>)[name] ?? {};
  return [...Object.keys(global), ...Object.keys(local)];
};
/** Who verifies tokens and opens names; the jobs do neither. */
const answersPeople = (name: FunctionName) => name !== 'pages' && name !== 'jobs';
const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const writing = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

describe.each(regions)('the service in %s', (region) => {
  let city: Synthesis;
  beforeAll(() => {
    city = syntheses[region];
  });

  test('the gateway knows every route of the catalogue, leaves the rest to the pages, and knows no other', () => {
    const keys = ofType(city.service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(keys.sort()).toEqual([...Object.keys(contract), pagesRoute].sort());
  });

  test('a request reaches the function of its domain, and that function lets the gateway in', () => {
    const integrations = new Map(ofType(city.service, 'AWS::ApiGatewayV2::Integration').map(([id, { Properties }]) => [id, Properties]));
    for (const [, { Properties: route }] of ofType(city.service, 'AWS::ApiGatewayV2::Route')) {
      const { IntegrationUri, PayloadFormatVersion } = integrations.get(route.Target['Fn::Join'][1][1].Ref);
      const domain = Object.entries(domains).find(([, { contract }]) => route.RouteKey in contract)?.[0] ?? 'pages';
      expect(pointsAt(IntegrationUri, city.data)).toBe(`${capitalised(domain)}Function`);
      expect(PayloadFormatVersion).toBe('2.0');
    }
    const letIn = ofType(city.service, 'AWS::Lambda::Permission').map(([, { Properties }]) => [
      pointsAt(Properties.FunctionName, city.data),
      Properties.SourceArn['Fn::Join'][1].at(-1),
    ]);
    const expected = [...Object.keys(domains).map((name) => [`${capitalised(name)}Function`, '/*/*/*']), ['PagesFunction', '/*/*']];
    expect(letIn.sort()).toEqual(expected.sort());
  });

  test('each table has the keys and indexes it has on a laptop', () => {
    expect(ofType(city.data, 'AWS::DynamoDB::Table')).toHaveLength(Object.keys(tables).length);
    for (const [name, table] of Object.entries(tables)) {
      const { TableName: _, ...local } = tableInput(name, table);
      const { Properties } = tableNamed(city, name);
      const byName = (list: { AttributeName?: string | undefined; IndexName?: string | undefined }[] = []) =>
        [...list].sort((a, b) => String(a.AttributeName ?? a.IndexName).localeCompare(String(b.AttributeName ?? b.IndexName)));
      expect(Properties.KeySchema).toEqual(local.KeySchema);
      expect(Properties.BillingMode).toBe(local.BillingMode);
      expect(byName(Properties.AttributeDefinitions)).toEqual(byName(local.AttributeDefinitions));
      expect(byName(Properties.GlobalSecondaryIndexes)).toEqual(byName(local.GlobalSecondaryIndexes));
      expect(byName(Properties.LocalSecondaryIndexes)).toEqual(byName(local.LocalSecondaryIndexes));
    }
  });

  test('what the city keeps survives a mistaken deletion, a wrong write and the end of the stack', () => {
    for (const name of Object.keys(tables)) {
      const table = tableNamed(city, name);
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(table.Properties).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      });
      expect(pointsAt(table.Properties.SSESpecification.KMSMasterKeyId, city.data)).toBe('Key');
    }
    for (const type of ['AWS::KMS::Key', 'AWS::SecretsManager::Secret']) {
      expect(ofType(city.data, type)).toHaveLength(1);
      expect(ofType(city.data, type)[0]?.[1]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
    const secret = ofType(city.data, 'AWS::SecretsManager::Secret')[0]?.[1].Properties;
    expect(secret.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(48);
    expect(pointsAt(secret.KmsKeyId, city.data)).toBe('Key');
  });

  test.each(functionNames)('the %s function may use the tables that the catalogue gives it, and no other thing', (name) => {
    const granted = new Map<string, Set<string>>();
    for (const { actions, resources } of statementsOf(city, `${capitalised(name)}Role`)) {
      for (const resource of resources) granted.set(resource, new Set([...(granted.get(resource) ?? []), ...actions]));
    }
    const mayKey = granted.get('Key') ?? new Set();
    granted.delete('Key');

    const expected = new Map([[`${capitalised(name)}Log`, new Set(['logs:CreateLogStream', 'logs:PutLogEvents'])]]);
    for (const [table, use] of Object.entries(usesOf[name])) {
      expected.set(capitalised(table), new Set(use === 'write' ? [...reading, ...writing] : reading));
      for (const index of indexesOf(table)) expected.set(`${capitalised(table)}/index/${index}`, new Set(['dynamodb:Query']));
    }
    if (answersPeople(name)) expected.set('MasterSecret', new Set(['secretsmanager:GetSecretValue']));
    if (name === 'jobs') expected.set('SchedulesFailed', new Set(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']));
    expect(granted).toEqual(expected);
    expect(mayKey.has('kms:Decrypt')).toBe(name !== 'pages');
    expect(mayKey.has('kms:Encrypt')).toBe(Object.values(usesOf[name]).includes('write'));
  });

  test.each(functionNames)('the %s function knows the names of its own tables alone', (name) => {
    const variables = functionOf(city, name).Properties.Environment?.Variables ?? {};
    const known = Object.entries(variables).map(([variable, value]) => [variable, pointsAt(value, city.data)]);
    const named = Object.keys(usesOf[name]).map((table) => [`TABLE_${table.toUpperCase()}`, capitalised(table)]);
    const secret = answersPeople(name) ? [['MASTER_SECRET_ARN', 'MasterSecret']] : [];
    expect(known.sort()).toEqual([...named, ...secret].sort());
  });

  test('nobody may do everything, or anything to everything', () => {
    for (const [, { Properties }] of ofType(city.service, 'AWS::IAM::Policy')) {
      for (const { Action, Resource, Effect } of Properties.PolicyDocument.Statement) {
        expect(Effect).toBe('Allow');
        expect(JSON.stringify([Action, Resource])).not.toContain('*');
      }
    }
    for (const [, { Properties }] of ofType(city.service, 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns ?? []).toEqual([]);
      expect(Properties.Policies ?? []).toEqual([]);
    }
  });

  test('the key of the data is used through the database and the secret store, never by itself', () => {
    const services = new Set<string>();
    for (const name of functionNames) {
      for (const { actions, condition } of statementsOf(city, `${capitalised(name)}Role`)) {
        if (!actions.some((action) => action.startsWith('kms:'))) continue;
        const through = [(condition as { StringEquals: Record<string, string | string[]> }).StringEquals['kms:ViaService']].flat();
        for (const host of through) services.add(String(host).replace(`.${region}.amazonaws.com`, '').replace(/\.cn$/, ''));
      }
    }
    expect([...services].sort()).toEqual(['dynamodb', 'secretsmanager']);
  });

  test('each job starts at its time in the city and learns the time that was meant', () => {
    const schedules = ofType(city.service, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    const found = schedules.map(({ ScheduleExpression, ScheduleExpressionTimezone, State, Target }) => ({
      at: ScheduleExpression,
      zone: ScheduleExpressionTimezone,
      state: State,
      input: JSON.parse(Target.Input),
      function: pointsAt(Target.Arn, city.data),
      undelivered: pointsAt(Target.DeadLetterConfig.Arn, city.data),
    }));
    const expected = Object.entries(jobs).map(([job, { cron }]) => ({
      at: schedulerCron(cron),
      zone: jobZone,
      state: 'ENABLED',
      input: { job, scheduledAt: '<aws.scheduler.scheduled-time>' },
      function: 'JobsFunction',
      undelivered: 'SchedulesUndelivered',
    }));
    expect(found.sort((a, b) => a.at.localeCompare(b.at))).toEqual(expected.sort((a, b) => a.at.localeCompare(b.at)));
    for (const { Target } of schedules) expect(Target.RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(statementsOf(city, 'SchedulesRole').map(({ actions, resources }) => [actions, resources])).toEqual([
      [['lambda:InvokeFunction'], ['JobsFunction']],
      [['sqs:SendMessage'], ['SchedulesUndelivered']],
    ]);
  });

  test('a job that fails is tried again, and at last leaves a message', () => {
    const configs = ofType(city.service, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
    expect(configs).toHaveLength(1);
    expect(configs[0].MaximumRetryAttempts).toBe(2);
    expect(pointsAt(configs[0].DestinationConfig.OnFailure.Destination, city.data)).toBe('SchedulesFailed');
  });

  test('every alarm opens with the people it hurts and reaches somebody', () => {
    const alarms = ofType(city.service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms.length).toBeGreaterThan(10);
    for (const { AlarmDescription, AlarmActions } of alarms) {
      expect(AlarmDescription.split(/[.:]/)[0]).toMatch(/residents|managers|officers|bureau/i);
      expect(AlarmActions.map((action: unknown) => pointsAt(action, city.data))).toEqual(['AlarmsTopic']);
    }
  });

  test('logs are kept for the six months that the law asks for', () => {
    const logs = ofType(city.service, 'AWS::Logs::LogGroup');
    expect(logs).toHaveLength(functionNames.length + 1);
    for (const [, { Properties }] of logs) expect(Properties.RetentionInDays).toBeGreaterThanOrEqual(184);
  });

  test('the access log tells nobody’s address, browser, path or token', () => {
    const format = ofType(city.service, 'AWS::ApiGatewayV2::Stage')[0]?.[1].Properties.AccessLogSettings.Format as string;
    expect(JSON.parse(format)).toMatchObject({ route: '$context.routeKey', status: '$context.status' });
    expect(format).not.toMatch(/identity|sourceIp|userAgent|path|authorizer|queryString|header/i);
  });

  test('the service takes no more requests than it says', () => {
    const { DefaultRouteSettings } = ofType(city.service, 'AWS::ApiGatewayV2::Stage')[0]?.[1].Properties ?? {};
    expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: expect.any(Number), ThrottlingBurstLimit: expect.any(Number) });
  });

  test('no address of a partition is written down', () => {
    expect(city.text).not.toMatch(/arn:aws/);
  });

  test('the validator and cdk-nag find nothing', () => {
    expect(city.findings).toEqual([]);
  });
});

test('the service in China uses nothing that China lacks', () => {
  const { data, service } = syntheses['cn-northwest-1'];
  expect(
    [data, service].flatMap((template) =>
      allOf(template).flatMap(([id, resource]) => absentInChina(resource).map((what) => `${id}: ${what}`)),
    ),
  ).toEqual([]);
});

function tableNamed({ data }: Synthesis, name: string) {
  const found = ofType(data, 'AWS::DynamoDB::Table').find(([id]) => pointsAt({ Ref: id }, data) === capitalised(name));
  if (!found) throw new Error(`There is no table of ${name}`);
  return found[1];
}
