import { KMSClient } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { awsData } from './aws-data.js';
import { awsVault } from './aws-vault.js';
import { keysOf } from './keys.js';
import type { AnsweringPorts, KeyPorts } from './ports.js';
import { tokensOf } from './tokens.js';
import type { Vault } from './vault.js';

/*
 * What the stack tells a function, by its environment:
 * TABLE_<NAME>        the tables it may use (aws-data.ts)
 * SIGNING_KEYS        [{"arn", "signsFrom"}]: KMS keys of access tokens, those to come too
 * PERSONAL_KEY_ARN    the KMS key that wraps the data keys of personal fields
 * LOOK_UP_SECRET_ARN  the secret of keyed hashes
 * PUBLIC_ORIGIN       where the pages are reached, where that is not the gateway's own name
 */
type Env = NodeJS.ProcessEnv;

const SigningKeys = z.array(z.object({ arn: z.string(), signsFrom: z.iso.datetime() }));
const vaultFrom = (env: Env, lookUpSecret: Buffer): Vault =>
  awsVault(new KMSClient({}), {
    signingKeys: SigningKeys.parse(JSON.parse(env.SIGNING_KEYS ?? '[]')),
    personalKeyArn: env.PERSONAL_KEY_ARN ?? '',
    lookUpSecret,
  });

/** The ports of a function that answers people and opens nothing: it can check a token, and has no secret at all. */
export async function awsAnswering(env: Env = process.env): Promise<AnsweringPorts> {
  return answeringFrom(env, vaultFrom(env, Buffer.alloc(0)));
}

/** The same for a function that opens and seals personal fields. */
export async function awsPersonal(env: Env = process.env): Promise<AnsweringPorts & KeyPorts> {
  const vault = vaultFrom(env, await lookUpSecretFrom(env));
  return { ...answeringFrom(env, vault), keys: keysOf(vault) };
}

function answeringFrom(env: Env, vault: Vault): AnsweringPorts {
  return {
    ...awsData(env),
    tokens: tokensOf(vault),
    hashOfAddress(address) {
      if (!vault.lookUpSecret.length) throw new Error('This function has no secret to hash an address by');
      return keysOf(vault).fingerprint('address', address);
    },
    publicOrigin: env.PUBLIC_ORIGIN || undefined,
    secureCookies: true,
  };
}

async function lookUpSecretFrom({ LOOK_UP_SECRET_ARN: arn }: Env): Promise<Buffer> {
  const secret = Buffer.from(await secretText(arn));
  if (secret.length < 32) throw new Error('The look-up secret needs at least 32 characters');
  return secret;
}

/** The text of a secret. Throws where there is none: a key made of nothing would hash everything alike. */
export async function secretText(arn: string | undefined, client = new SecretsManagerClient({})): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (!SecretString) throw new Error('The secret is empty');
  return SecretString;
}
