/** How a stored file is encoded. Without one it is stored as it is. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** Something the service gives out: under which path, of what type, and where its bytes stand. */
export interface PageFile {
  /** The path of the address, `/manager` or `/assets/manager-AB12CD.js`. */
  readonly path: string;
  /** The file in the folder of assets; its encoded variants stand beside it. */
  readonly file: string;
  readonly type: string;
  /** Of the content, for the ETag. */
  readonly hash: string;
  /** Its path names its content, so that it never changes. */
  readonly immutable: boolean;
  /** Of a page: the scripts and style sheets it loads before it runs. */
  readonly needs?: readonly string[];
  readonly bytes: Readonly<Record<Encoding | 'identity', number>>;
}

export type Manifest = Readonly<Record<string, PageFile>>;
export const manifestFile = 'manifest.json';
export const variantOf = (file: string, encoding: Encoding) => `${file}.${encoding === 'br' ? 'br' : 'gz'}`;
