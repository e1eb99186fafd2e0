/** A key that signs access tokens (ES256). It is published before it signs, and accepted until its last token has run out. */
export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638). */
  readonly kid: string;
  readonly publicKey: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  /** From then on tokens are signed with it, ISO 8601. */
  readonly signsFrom: string;
  /** The signature as JOSE writes it: r and s, 64 bytes. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A data key as it is kept: wrapped by the master key that `by` names. */
export interface WrappedKey {
  readonly by: string;
  readonly key: string;
}

/** The record a data key belongs to; it unwraps under no other. */
export interface RecordName {
  readonly table: string;
  readonly record: string;
}

/** What guards the keys: KMS and Secrets Manager on AWS, a file of mode 600 on a laptop. */
export interface Vault {
  /** Every key that signs, has signed or will sign. `fresh` passes over what is remembered. */
  signingKeys(fresh?: boolean): Promise<readonly SigningKey[]>;
  /** A new data key of 32 bytes for one record. */
  newDataKey(of: RecordName): Promise<WrappedKey & { readonly plain: Buffer }>;
  /** Throws where the key was wrapped for another record, or was tampered with. */
  unwrap(wrapped: WrappedKey, of: RecordName): Promise<Buffer>;
  /** The same data key under the newest master key; nothing where it is there already. */
  rewrap(wrapped: WrappedKey, of: RecordName): Promise<WrappedKey | undefined>;
  /** The secret of keyed hashes: it never changes, since what is looked up by it would be lost. */
  readonly lookUpSecret: Buffer;
}
