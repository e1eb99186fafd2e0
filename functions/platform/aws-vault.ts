import { createHash } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { rawSignature, thumbprint } from './ecdsa.js';
import type { RecordName, SigningKey, Vault, WrappedKey } from './vault.js';

export interface AwsVaultSettings {
  /** The signing keys as the deployment lists them, with the time from which each signs. */
  readonly signingKeys: readonly { readonly arn: string; readonly signsFrom: string }[];
  /** The master key of personal fields, by its address. */
  readonly personalKeyArn: string;
  readonly lookUpSecret: Buffer;
}

/** A list of people opens fifty records: each data key is asked for once in a while, not once a reading. */
const rememberMs = 5 * 60_000;
const mostRemembered = 1000;

/** KMS guards the keys: what signs and what wraps never leaves it. */
export function awsVault(kms: KMSClient, { signingKeys, personalKeyArn, lookUpSecret }: AwsVaultSettings): Vault {
  let signers: Promise<readonly SigningKey[]> | undefined;
  const dataKeys = new Map<string, { readonly plain: Buffer; readonly at: number }>();
  const contextOf = ({ table, record }: RecordName) => ({ table, record });

  const remember = (key: string, plain: Buffer) => {
    if (dataKeys.size >= mostRemembered) dataKeys.delete(dataKeys.keys().next().value as string);
    dataKeys.set(key, { plain, at: Date.now() });
    return plain;
  };

  const signerOf = async ({ arn, signsFrom }: AwsVaultSettings['signingKeys'][number]): Promise<SigningKey> => {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
    const publicKey = publicKeyOf(PublicKey);
    return {
      kid: thumbprint(publicKey),
      publicKey,
      signsFrom,
      async sign(data) {
        const Message = createHash('sha256').update(data).digest();
        const signed = await kms.send(new SignCommand({ KeyId: arn, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }));
        return rawSignature(given(signed.Signature, 'Sign'));
      },
    };
  };

  return {
    lookUpSecret,

    /** A deployment names them, and a public key does not change: they are read once, unless that failed. */
    signingKeys() {
      signers ??= Promise.all(signingKeys.map(signerOf)).catch((error) => {
        signers = undefined;
        throw error;
      });
      return signers;
    },

    async newDataKey(of) {
      const made = await kms.send(
        new GenerateDataKeyCommand({ KeyId: personalKeyArn, KeySpec: 'AES_256', EncryptionContext: contextOf(of) }),
      );
      const key = Buffer.from(given(made.CiphertextBlob, 'GenerateDataKey')).toString('base64url');
      return { by: personalKeyArn, key, plain: remember(memoryKey(key, of), Buffer.from(given(made.Plaintext, 'GenerateDataKey'))) };
    },

    async unwrap({ by, key }, of) {
      const known = dataKeys.get(memoryKey(key, of));
      if (known && Date.now() < known.at + rememberMs) return known.plain;
      const { Plaintext } = await kms.send(
        new DecryptCommand({ KeyId: by, CiphertextBlob: Buffer.from(key, 'base64url'), EncryptionContext: contextOf(of) }),
      );
      return remember(memoryKey(key, of), Buffer.from(given(Plaintext, 'Decrypt')));
    },

    async rewrap({ by, key }: WrappedKey, of) {
      if (by === personalKeyArn) return undefined;
      const { CiphertextBlob } = await kms.send(
        new ReEncryptCommand({
          SourceKeyId: by,
          DestinationKeyId: personalKeyArn,
          CiphertextBlob: Buffer.from(key, 'base64url'),
          SourceEncryptionContext: contextOf(of),
          DestinationEncryptionContext: contextOf(of),
        }),
      );
      return { by: personalKeyArn, key: Buffer.from(given(CiphertextBlob, 'ReEncrypt')).toString('base64url') };
    },
  };
}

/** What is remembered is remembered for its record: a wrapped key that was moved to another one must still be refused. */
const memoryKey = (key: string, { table, record }: RecordName) => `${table}\0${record}\0${key}`;

function given<T>(value: T | undefined, from: string): T {
  if (value === undefined) throw new Error(`KMS ${from} answered without the value asked for`);
  return value;
}

/** KMS gives a public key as DER (SubjectPublicKeyInfo); its last 64 bytes are the point of a P-256 key. */
function publicKeyOf(der: Uint8Array | undefined): SigningKey['publicKey'] {
  const point = Buffer.from(given(der, 'GetPublicKey')).subarray(-64);
  return { kty: 'EC', crv: 'P-256', x: point.subarray(0, 32).toString('base64url'), y: point.subarray(32).toString('base64url') };
}
