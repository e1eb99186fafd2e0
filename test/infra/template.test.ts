import { beforeAll, describe, expect, test } from 'vitest';
import { schedulerCron } from '../../infra/aws/cron.js';
import { capitalised } from '../../infra/aws/data-stack.js';
import { type FunctionName, functionNames } from '../../infra/bundle/functions.js';
import { tableInput } from '../../infra/local/tables.js';
import { contract, domains, jobs, jobZone, pagesRoute, type Use } from '../../shared/catalog.js';
import { type Table, type TableName, tables } from '../../shared/tables.js';
import { absentInChina } from './aws-china.js';
import { isDomain, mayKey, needsOf, wrongsOf } from './aws-rights.js';
import {
  allOf,
  type Deployment,
  functionOf,
  ofType,
  pointsAt,
  regions,
  type Synthesis,
  statementsOf,
  synthesise,
  textOf,
} from './aws-templates.js';

let syntheses: Record<Deployment, Synthesis>;
beforeAll(async () => {
  syntheses = await synthesise();
});

const indexesOf = (name: string) => {
  const { global = {}, local = {} } = (tables as Record<string, Table>)[name] ?? {};
  return [...Object.keys(global), ...Object.keys(local)];
};
const reading = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const writing = [
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];
/** What a use of a table comes to. To the record is only added. */
const actionsOf = (table: TableName, use: Use): string[] => {
  if (use === 'read') return reading;
  if (use === 'scan') return [...reading, ...writing, 'dynamodb:Scan'];
  return table === 'audit' ? ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'] : [...reading, ...writing];
};
const isKey = (resource: string) => /Key[A-Z]?$/.test(resource);
const roleOf = (name: FunctionName) => `${capitalised(name)}Role`;
/** What a function may do with each thing it is given, keys aside. */
const grantedTo = (city: Synthesis, name: FunctionName, of: (resource: string) => boolean) => {
  const granted = new Map<string, Set<string>>();
  for (const { effect, actions, resources } of statementsOf(city, roleOf(name))) {
    for (const resource of resources.filter((resource) => effect === 'Allow' && of(resource))) {
      granted.set(resource, new Set([...(granted.get(resource) ?? []), ...actions]));
    }
  }
  return granted;
};
const keysOf = (city: Synthesis, name: FunctionName) =>
  Object.fromEntries([...grantedTo(city, name, isKey)].map(([key, actions]) => [key, [...actions].sort()]));

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
    const guarding = [...ofType(city.data, 'AWS::KMS::Key'), ...ofType(city.data, 'AWS::SecretsManager::Secret')];
    expect(guarding.map(([id]) => pointsAt({ Ref: id }, city.data)).sort()).toEqual([
      ...['Key', 'LookUpSecret', 'OutsideSecret', 'PersonalKeyA', 'SigningKeyA'],
    ]);
    for (const [, resource] of guarding) expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('keys are such as they must be, and secrets are made by chance or empty', () => {
    for (const name of ['Key', 'PersonalKeyA']) {
      const { EnableKeyRotation, KeySpec } = kept(city, 'AWS::KMS::Key', name).Properties;
      expect([EnableKeyRotation, KeySpec ?? 'SYMMETRIC_DEFAULT']).toEqual([true, 'SYMMETRIC_DEFAULT']);
    }
    expect(kept(city, 'AWS::KMS::Key', 'SigningKeyA').Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    for (const [, { Properties }] of ofType(city.data, 'AWS::KMS::Key')) {
      // Who may use it, roles say: no key lets anybody in by itself but the account, to its own roles.
      for (const { Principal } of Properties.KeyPolicy.Statement) expect(JSON.stringify(Principal)).toMatch(/:root/);
    }
    const lookUp = kept(city, 'AWS::SecretsManager::Secret', 'LookUpSecret').Properties;
    expect(lookUp.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(48);
    const outside = kept(city, 'AWS::SecretsManager::Secret', 'OutsideSecret').Properties;
    expect(outside.SecretString).toBe('{}');
    for (const { KmsKeyId } of [lookUp, outside]) expect(pointsAt(KmsKeyId, city.data)).toBe('Key');
  });

  test.each(functionNames)('the %s function may use the tables that the catalogue gives it, and no other thing', (name) => {
    const granted = grantedTo(city, name, (resource) => !isKey(resource));
    const { uses, reachesOut } = needsOf[name];
    const expected = new Map([[`${capitalised(name)}Log`, new Set(['logs:CreateLogStream', 'logs:PutLogEvents'])]]);
    for (const [table, use] of Object.entries(uses) as [TableName, Use][]) {
      expected.set(capitalised(table), new Set(actionsOf(table, use)));
      for (const index of indexesOf(table)) expected.set(`${capitalised(table)}/index/${index}`, new Set(['dynamodb:Query']));
    }
    if (mayKey(name, 'personal')) expected.set('LookUpSecret', new Set(['secretsmanager:GetSecretValue']));
    if (reachesOut) expected.set('OutsideSecret', new Set(['secretsmanager:GetSecretValue']));
    if (reachesOut && region !== 'cn-northwest-1') expected.set('*', new Set(['sns:Publish']));
    const queue = { jobs: 'SchedulesJobsFailed', caretaker: 'SchedulesCaretakerFailed' }[name as string];
    if (queue) expected.set(queue, new Set(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage']));
    expect(granted).toEqual(expected);
  });

  test.each(functionNames)('the %s function may do with keys what the catalogue lets it', (name) => {
    const { Key = [], ...others } = keysOf(city, name);
    const uses = Object.values(needsOf[name].uses) as Use[];
    expect(Key.includes('kms:Decrypt')).toBe(name !== 'pages');
    expect(Key.includes('kms:Encrypt')).toBe(uses.some((use) => use !== 'read'));
    expect(others).toEqual({
      ...(isDomain(name) ? { SigningKeyA: ['kms:GetPublicKey', ...(mayKey(name, 'sign') ? ['kms:Sign'] : [])] } : {}),
      ...(mayKey(name, 'personal') ? { PersonalKeyA: ['kms:Decrypt', 'kms:GenerateDataKey'] } : {}),
    });
    const signing = statementsOf(city, roleOf(name)).filter(({ actions }) => actions.includes('kms:Sign'));
    for (const { condition } of signing) {
      expect(condition).toEqual({ StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } });
    }
  });

  test.each(functionNames)('the %s function breaks no promise made to people', (name) => {
    expect(wrongsOf(name, statementsOf(city, roleOf(name)))).toEqual([]);
  });

  test('one function signs, four open names and phones, two reach out, one reads tables through', () => {
    const who = (may: (name: FunctionName) => boolean) => functionNames.filter(may).sort();
    const may = (name: FunctionName, action: string) => statementsOf(city, roleOf(name)).some(({ actions }) => actions.includes(action));
    expect(who((name) => may(name, 'kms:Sign'))).toEqual(['sessions']);
    expect(who((name) => keysOf(city, name).PersonalKeyA !== undefined)).toEqual(['accounts', 'caretaker', 'privacy', 'sessions']);
    expect(who((name) => grantedTo(city, name, (to) => to === 'OutsideSecret').size > 0)).toEqual(['caretaker', 'sessions']);
    expect(who((name) => may(name, 'dynamodb:Scan'))).toEqual(['caretaker']);
  });

  test.each(functionNames)('the %s function is told of its own tables, keys and secrets alone', (name) => {
    const variables = functionOf(city, name).Properties.Environment?.Variables ?? {};
    const known = Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, textOf(value, city.data)]));
    const { uses, reachesOut } = needsOf[name];
    expect(known).toEqual({
      ...Object.fromEntries(Object.keys(uses).map((table) => [`TABLE_${table.toUpperCase()}`, `<${capitalised(table)}>`])),
      ...(isDomain(name) ? { SIGNING_KEYS: '[{"arn":"<SigningKeyA>","signsFrom":"2026-01-01T00:00:00.000Z"}]' } : {}),
      ...(mayKey(name, 'personal') ? { PERSONAL_KEY_ARN: '<PersonalKeyA>', LOOK_UP_SECRET_ARN: '<LookUpSecret>' } : {}),
      ...(reachesOut ? { OUTSIDE_SECRET_ARN: '<OutsideSecret>' } : {}),
    });
  });

  test('the data stack says with what the first bureau account is made', () => {
    const { Value } = city.data.toJSON().Outputs.FirstBureau;
    const tablesTold = Object.keys(domains.accounts.uses).map((table) => `TABLE_${table.toUpperCase()}=<${capitalised(table)}>`);
    expect(tablesTold).toEqual(expect.arrayContaining(['TABLE_ACCOUNTS=<Accounts>', 'TABLE_SESSIONS=<Sessions>', 'TABLE_AUDIT=<Audit>']));
    expect(textOf(Value, city.data).split(' ')).toEqual([
      ...tablesTold,
      'PERSONAL_KEY_ARN=<PersonalKeyA>',
      'LOOK_UP_SECRET_ARN=<LookUpSecret>',
    ]);
  });

  test('nobody may do everything, or anything to everything but send an SMS to a number', () => {
    for (const [, { Properties }] of ofType(city.service, 'AWS::IAM::Policy')) {
      for (const { Action, Resource, Effect } of Properties.PolicyDocument.Statement) {
        expect(JSON.stringify(Action)).not.toContain('*');
        if (JSON.stringify(Resource).includes('*')) expect([Effect, Action, region]).toEqual([Effect, 'sns:Publish', 'ap-southeast-1']);
        else expect(Effect).toBe('Allow');
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
      for (const { resources, condition } of statementsOf(city, roleOf(name))) {
        if (!resources.includes('Key')) continue;
        for (const host of [condition?.StringEquals?.['kms:ViaService'] ?? 'nothing'].flat()) {
          services.add(host.replace(`.${region}.amazonaws.com`, '').replace(/\.cn$/, ''));
        }
      }
    }
    expect([...services].sort()).toEqual(['dynamodb', 'secretsmanager']);
  });

  const often = 'send-messages';
  test('each job starts at its time in the city, at its runner, and learns the time that was meant', () => {
    const schedules = ofType(city.service, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    const found = schedules.map(({ ScheduleExpression, ScheduleExpressionTimezone, State, Target }) => ({
      at: ScheduleExpression,
      zone: ScheduleExpressionTimezone,
      state: State,
      input: JSON.parse(Target.Input),
      function: pointsAt(Target.Arn, city.data),
    }));
    const expected = Object.entries(jobs).map(([job, { runner, cron }]) => ({
      at: schedulerCron(cron),
      zone: jobZone,
      state: 'ENABLED',
      input: { job, scheduledAt: '<aws.scheduler.scheduled-time>' },
      function: job === often ? 'SchedulesSendMessagesOnce' : `${capitalised(runner)}Function`,
    }));
    expect(found.sort((a, b) => a.at.localeCompare(b.at))).toEqual(expected.sort((a, b) => a.at.localeCompare(b.at)));
    expect(statementsOf(city, 'SchedulesRole').map(({ actions, resources }) => [actions, resources])).toEqual([
      [['lambda:InvokeFunction'], ['CaretakerFunction', 'JobsFunction', 'SchedulesSendMessagesOnce']],
      [['sqs:SendMessage'], ['SchedulesUndelivered']],
    ]);
  });

  test('a job that cannot be started or fails is tried again, and at last leaves a message', () => {
    for (const [, { Properties }] of ofType(city.service, 'AWS::Scheduler::Schedule')) {
      const { Input, RetryPolicy, DeadLetterConfig } = Properties.Target;
      if (JSON.parse(Input).job === often) continue;
      expect(RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(pointsAt(DeadLetterConfig.Arn, city.data)).toBe('SchedulesUndelivered');
    }
    const configs = ofType(city.service, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
    const lasting = configs.filter(({ Qualifier }) => Qualifier === '$LATEST');
    expect(lasting.map(({ MaximumRetryAttempts }) => MaximumRetryAttempts)).toEqual([2, 2]);
    expect(lasting.map(({ DestinationConfig }) => pointsAt(DestinationConfig.OnFailure.Destination, city.data)).sort()).toEqual([
      'SchedulesCaretakerFailed',
      'SchedulesJobsFailed',
    ]);
  });

  test('a run of the minute is not kept for later, since the next one does its work; its silence alarms', () => {
    const schedules = ofType(city.service, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties.Target);
    const { RetryPolicy, DeadLetterConfig } = schedules.find(({ Input }) => JSON.parse(Input).job === often);
    expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    expect(DeadLetterConfig).toBeUndefined();
    const [once, ...others] = ofType(city.service, 'AWS::Lambda::EventInvokeConfig')
      .map(([, { Properties }]) => Properties)
      .filter(({ Qualifier }) => Qualifier !== '$LATEST');
    expect(others).toEqual([]);
    expect(once).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    expect(once.DestinationConfig).toBeUndefined();
    const silence = ofType(city.service, 'AWS::CloudWatch::Alarm').find(([id]) => id.startsWith('AlarmsNothingSent'))?.[1].Properties;
    expect(silence).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Period: 300,
      EvaluationPeriods: 3,
    });
  });

  test('a code that is not taken and a message that is given up alarm, by the words the log has for them', () => {
    const filters = ofType(city.service, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => [
      pointsAt(Properties.LogGroupName, city.data),
      Properties.FilterPattern,
      Properties.MetricTransformations[0].MetricName,
    ]);
    const watched = ofType(city.service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.MetricName);
    for (const [log, event] of [
      ['SessionsLog', 'code_not_sent'],
      ['CaretakerLog', 'message_given_up'],
    ] as const) {
      const metric = event.replaceAll('_', '-');
      expect(filters).toContainEqual([log, `{ $.event = "${event}" }`, metric]);
      expect(watched).toContain(metric);
    }
  });

  test('every alarm opens with the people it hurts and reaches somebody', () => {
    const alarms = ofType(city.service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms.length).toBeGreaterThan(functionNames.length + Object.keys(tables).length);
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

  test('no page of another origin is let in', () => {
    for (const [, { Properties }] of ofType(city.service, 'AWS::ApiGatewayV2::Api')) expect(Properties.CorsConfiguration).toBeUndefined();
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

describe('a deployment amid changes of its keys', () => {
  let city: Synthesis;
  beforeAll(() => {
    city = syntheses.rotating;
  });

  test('the functions know the key that signs and the one to come; the one that is gone is nobody’s', () => {
    for (const name of Object.keys(domains) as (keyof typeof domains)[]) {
      const { SIGNING_KEYS, PUBLIC_ORIGIN } = functionOf(city, name).Properties.Environment.Variables;
      expect(JSON.parse(textOf(SIGNING_KEYS, city.data))).toEqual([
        { arn: '<SigningKeyB>', signsFrom: '2026-02-01T00:00:00.000Z' },
        { arn: '<SigningKeyC>', signsFrom: '2099-01-01T00:00:00.000Z' },
      ]);
      expect(PUBLIC_ORIGIN).toBe('https://gongzhi.example.cn');
      expect(Object.keys(keysOf(city, name))).not.toContain('SigningKeyA');
    }
    expect(JSON.stringify(city.service.toJSON())).not.toContain('SigningKeyA');
  });

  test('a key that is gone is still exported, so that the service can let go of it first', () => {
    const exported = Object.values(city.data.toJSON().Outputs as Record<string, { Value: unknown; Export?: unknown }>)
      .filter(({ Export }) => Export)
      .map(({ Value }) => pointsAt(Value, city.data));
    expect(exported).toEqual(expect.arrayContaining(['SigningKeyA', 'SigningKeyB', 'SigningKeyC', 'PersonalKeyA', 'PersonalKeyB']));
  });

  test.each(functionNames)('the %s function seals by the newest personal key, and opens by the former ones too', (name) => {
    const { PersonalKeyA, PersonalKeyB, ForeignKey } = keysOf(city, name);
    const again = name === 'caretaker';
    const opening = again ? ['kms:Decrypt', 'kms:ReEncryptFrom'] : ['kms:Decrypt'];
    const sealing = ['kms:Decrypt', 'kms:GenerateDataKey', ...(again ? ['kms:ReEncryptTo'] : [])];
    const expected = mayKey(name, 'personal') ? [opening, opening, sealing] : [undefined, undefined, undefined];
    expect([PersonalKeyA, ForeignKey, PersonalKeyB]).toEqual(expected);
    expect(wrongsOf(name, statementsOf(city, roleOf(name)))).toEqual([]);
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

function kept({ data }: Synthesis, type: string, name: string) {
  const found = ofType(data, type).find(([id]) => pointsAt({ Ref: id }, data) === name);
  if (!found) throw new Error(`There is no ${name}`);
  return found[1];
}

const tableNamed = (city: Synthesis, name: string) => kept(city, 'AWS::DynamoDB::Table', capitalised(name));
