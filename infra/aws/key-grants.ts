import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Uses } from '../../shared/catalog.js';
import type { DataStack } from './data-stack.js';
import { grantKeyThrough } from './grants.js';
import { isInChina } from './settings.js';

/** Lets the function know by which keys tokens are verified, and from when each signs. */
export function grantVerifying(fn: LambdaFunction, { signingKeys }: DataStack): void {
  const listed = signingKeys.map(({ key, signsFrom }) => ({ arn: key.keyArn, signsFrom }));
  fn.addEnvironment('SIGNING_KEYS', Stack.of(fn).toJsonString(listed));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: signingKeys.map(({ key }) => key.keyArn) }));
}

/** Lets the function sign tokens, and nothing that is not as long as a hash. */
export function grantSigning(fn: LambdaFunction, { signingKeys }: DataStack): void {
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:Sign'],
      resources: signingKeys.map(({ key }) => key.keyArn),
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } },
    }),
  );
}

/**
 * Lets the function seal and open the personal fields of its own tables, and look people up. A data key is bound to its
 * table and record: KMS is asked for both, and for no table that the function may not use.
 */
export function grantPersonal(fn: LambdaFunction, { personalKey, formerPersonalKeyArns, lookUpSecret, key }: DataStack, uses: Uses): void {
  fn.addEnvironment('PERSONAL_KEY_ARN', personalKey.keyArn);
  const conditions = boundTo(uses);
  const may = (actions: string[], resources: string[]) => fn.addToRolePolicy(new PolicyStatement({ actions, resources, conditions }));
  may(['kms:Decrypt', 'kms:GenerateDataKey'], [personalKey.keyArn]);
  if (formerPersonalKeyArns.length) may(['kms:Decrypt'], [...formerPersonalKeyArns]);
  grantSecret(fn, 'LOOK_UP_SECRET_ARN', lookUpSecret, key);
}

/** Lets the function wrap by the newest key what a former one wrapped, without seeing it. */
export function grantRewrapping(fn: LambdaFunction, { personalKey, formerPersonalKeyArns }: DataStack, uses: Uses): void {
  if (!formerPersonalKeyArns.length) return;
  const conditions = boundTo(uses);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:ReEncryptFrom'], resources: [...formerPersonalKeyArns], conditions }));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:ReEncryptTo'], resources: [personalKey.keyArn], conditions }));
}

const boundTo = (uses: Uses) => ({
  StringEquals: { 'kms:EncryptionContext:table': Object.keys(uses).sort() },
  Null: { 'kms:EncryptionContext:record': 'false' },
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['record', 'table'] },
});

/** Lets the function reach people: by the accounts of the outside secret, and by SNS where that sends messages. */
export function grantOutside(fn: LambdaFunction, { outsideSecret, key }: DataStack): void {
  grantSecret(fn, 'OUTSIDE_SECRET_ARN', outsideSecret, key);
  if (isInChina(Stack.of(fn))) return;
  fn.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }));
  const topics = `arn:${Aws.PARTITION}:sns:*:*:*`;
  fn.addToRolePolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['sns:Publish'], resources: [topics] }));
  Validations.of(fn.role ?? fn).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'A phone number has no ARN, so SNS knows no narrower resource for it. Every topic is denied beside it.',
  });
}

function grantSecret(fn: LambdaFunction, variable: string, secret: Secret, key: DataStack['key']): void {
  fn.addEnvironment(variable, secret.secretArn);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }));
  grantKeyThrough(fn, key, 'secretsmanager', ['kms:Decrypt']);
}
