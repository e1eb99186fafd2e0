import { createECDH, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DisabledException,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { openedBytes, sealed } from '../../functions/platform/keys.js';

/** A KMS that computes as the real one does: it wraps under masters that never leave it, and signs as DER. */
export function fakeKms() {
  const client = new KMSClient({ region: 'ap-southeast-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const mock = mockClient(client);
  const masters = new Map<string, Buffer>();
  const signers = new Map<string, { readonly publicKey: KeyObject; readonly secret: Buffer }>();
  const disabled = new Set<string>();
  const found = <T>(keys: ReadonlyMap<string, T>, arn: string | undefined): T => {
    const key = keys.get(arn ?? '');
    if (!key) throw new IncorrectKeyException({ message: `${arn} is no such key`, $metadata: {} });
    if (disabled.has(arn ?? '')) throw new DisabledException({ message: `${arn} is disabled`, $metadata: {} });
    return key;
  };
  const contextOf = (context: Record<string, string> = {}) => Buffer.from(JSON.stringify(Object.entries(context).sort()));

  const wrap = (arn: string | undefined, plain: Buffer, context?: Record<string, string>): Uint8Array =>
    Buffer.from(sealed(found(masters, arn), plain, contextOf(context)), 'base64url');
  const unwrap = (arn: string | undefined, blob: Uint8Array | undefined, context?: Record<string, string>): Buffer => {
    const master = found(masters, arn);
    try {
      return openedBytes(master, Buffer.from(blob ?? []).toString('base64url'), contextOf(context));
    } catch {
      throw new InvalidCiphertextException({ message: '', $metadata: {} });
    }
  };

  const working = () => {
    mock.reset();
    mock.on(GenerateDataKeyCommand).callsFake(({ KeyId, EncryptionContext }) => {
      const plain = randomBytes(32);
      return { KeyId, Plaintext: new Uint8Array(plain), CiphertextBlob: wrap(KeyId, plain, EncryptionContext) };
    });
    mock.on(DecryptCommand).callsFake(({ KeyId, CiphertextBlob, EncryptionContext }) => ({
      KeyId,
      Plaintext: new Uint8Array(unwrap(KeyId, CiphertextBlob, EncryptionContext)),
    }));
    mock.on(ReEncryptCommand).callsFake((asked) => {
      const plain = unwrap(asked.SourceKeyId, asked.CiphertextBlob, asked.SourceEncryptionContext);
      return { CiphertextBlob: wrap(asked.DestinationKeyId, plain, asked.DestinationEncryptionContext) };
    });
    mock.on(GetPublicKeyCommand).callsFake(({ KeyId }) => ({
      PublicKey: new Uint8Array(found(signers, KeyId).publicKey.export({ type: 'spki', format: 'der' })),
    }));
    mock.on(SignCommand).callsFake(({ KeyId, Message, MessageType, SigningAlgorithm }) => {
      if (MessageType !== 'DIGEST' || SigningAlgorithm !== 'ECDSA_SHA_256' || Message?.length !== 32)
        throw new Error('Not asked as agreed');
      return { Signature: derSignature(found(signers, KeyId).secret, Message) };
    });
  };
  working();

  return {
    client,
    mock,
    /** Forgets what was to fail and what was asked. */
    working,
    disable: (arn: string) => disabled.add(arn),
    enable: (arn: string) => disabled.delete(arn),
    master(arn: string): string {
      masters.set(arn, randomBytes(32));
      return arn;
    },
    signer(arn: string): string {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      signers.set(arn, { publicKey, secret: Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url') });
      return arn;
    },
  };
}

/** ECDSA over a digest as it is: Node signs messages only, hashing them itself. The curve's part is Node's own. */
function derSignature(secret: Buffer, digest: Uint8Array): Uint8Array {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const once = createECDH('prime256v1');
  once.generateKeys();
  const r = number(once.getPublicKey().subarray(1, 33)) % order;
  const inverse = power(number(once.getPrivateKey()), order - 2n, order);
  const s = (inverse * (number(digest) + r * number(secret))) % order;
  const [first, second] = [derInteger(r), derInteger(s)];
  return Buffer.concat([Buffer.from([0x30, first.length + second.length]), first, second]);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** A positive integer as DER writes it: as short as it goes, but never with the sign's bit set. */
export function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const digits = (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([2, digits.length]), digits]);
}
