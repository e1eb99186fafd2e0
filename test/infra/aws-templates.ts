import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks } from '../../infra/aws/stacks.js';
import { bundleFunctions, type FunctionName } from '../../infra/bundle/functions.js';

export const regions = ['ap-southeast-1', 'cn-northwest-1'] as const;
export type Region = (typeof regions)[number];

/** A deployment amid changes: one signing key gone, one signing, one to come; a second personal key, and a foreign one. */
export const foreignKey = 'arn:aws:kms:ap-southeast-1:123456789012:key/00000000-0000-0000-0000-000000000000';
const rotating = {
  region: regions[0],
  publicOrigin: 'https://gongzhi.example.cn',
  signingKeys: JSON.stringify([
    { name: 'a', signsFrom: '2026-01-01T00:00:00Z', retired: true },
    { name: 'b', signsFrom: '2026-02-01T00:00:00Z' },
    { name: 'c', signsFrom: '2099-01-01T00:00:00Z' },
  ]),
  personalKeys: ['a', 'b'],
  formerPersonalKeys: [foreignKey],
};
const deployments = {
  ...(Object.fromEntries(regions.map((region) => [region, { region }])) as Record<Region, object>),
  rotating,
};
export type Deployment = keyof typeof deployments;

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have the shape that CloudFormation gives them
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
export interface Synthesis {
  readonly data: Template;
  readonly service: Template;
  /** What the validator and cdk-nag found: an error has thrown before, so these are the warnings. */
  readonly findings: readonly unknown[];
  /** Both templates as they are uploaded. */
  readonly text: string;
}

/** Bundles once and synthesises each deployment once, with all checks, as `npx cdk synth -c region=…` does. */
export async function synthesise(): Promise<Record<Deployment, Synthesis>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gongzhi-templates-'));
  try {
    await bundleFunctions(path.join(folder, 'functions'));
    const { context } = JSON.parse(await readFile(new URL('../../cdk.json', import.meta.url), 'utf8'));
    const syntheses: [string, Synthesis][] = [];
    for (const [name, chosen] of Object.entries(deployments)) {
      const outdir = path.join(folder, name);
      const app = new App({ outdir, context: { ...context, ...chosen } });
      const { data, service } = addStacks(app, path.join(folder, 'functions'));
      app.synth();
      const texts = ['GongzhiData', 'GongzhiService'].map((stack) => readFile(path.join(outdir, `${stack}.template.json`), 'utf8'));
      const report = JSON.parse(await readFile(path.join(outdir, 'validation-report.json'), 'utf8'));
      syntheses.push([
        name,
        {
          data: Template.fromStack(data),
          service: Template.fromStack(service),
          findings: report.pluginReports,
          text: (await Promise.all(texts)).join('\n'),
        },
      ]);
    }
    return Object.fromEntries(syntheses) as Record<Deployment, Synthesis>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The resources of a type, by their names in the template. */
export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries((template.toJSON().Resources ?? {}) as Record<string, Resource>).filter(([, resource]) => resource.Type === type);
export const allOf = (template: Template): [string, Resource][] => Object.entries(template.toJSON().Resources as Record<string, Resource>);

/**
 * What a value of a template points at, in words: `Places`, `Places/index/sites`, `LookUpSecret`, `SchedulesJobsFailed`.
 * Everything is `*`, every topic `topics`.
 * @throws where it is a text of its own: an ARN, a name, a part of everything
 */
// biome-ignore lint/suspicious/noExplicitAny: an intrinsic function of CloudFormation, or a text
export function pointsAt(value: any, data: Template): string {
  const bare = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
  if (value === '*') return '*';
  if (value === foreignKey) return 'ForeignKey';
  if (value?.Ref) return bare(value.Ref);
  if (value?.['Fn::GetAtt']?.[1] === 'Arn') return bare(value['Fn::GetAtt'][0]);
  const [first, ...rest] = value?.['Fn::Join']?.[1] ?? [];
  if (first === 'arn:' && rest[0]?.Ref === 'AWS::Partition' && rest[1] === ':sns:*:*:*') return 'topics';
  if (first && rest.every((part: unknown) => typeof part === 'string')) return pointsAt(first, data) + rest.join('');
  const exported = Object.values(data.toJSON().Outputs as Record<string, { Value: unknown; Export?: { Name: string } }>).find(
    ({ Export }) => Export && Export.Name === value?.['Fn::ImportValue'],
  );
  if (exported) return pointsAt(exported.Value, data);
  throw new Error(`${JSON.stringify(value)} points at nothing of ours`);
}

/** A text of a template, with what it points at in words between `<` and `>`. */
// biome-ignore lint/suspicious/noExplicitAny: an intrinsic function of CloudFormation, or a text
export function textOf(value: any, data: Template): string {
  const parts: unknown[] = value?.['Fn::Join']?.[1] ?? [value];
  return parts.map((part) => (typeof part === 'string' ? part : `<${pointsAt(part, data)}>`)).join('');
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> | undefined;
}

/** What a role may do, statement by statement. */
export function statementsOf({ data, service }: Synthesis, role: string): Statement[] {
  return ofType(service, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties.Roles.some((of: unknown) => pointsAt(of, data) === role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Effect, Action, Resource, Condition }) => ({
      effect: Effect,
      actions: [Action].flat(),
      resources: [Resource].flat().map((resource) => pointsAt(resource, data)),
      condition: Condition,
    }));
}

export function functionOf({ service }: Synthesis, name: FunctionName): Resource {
  const found = ofType(service, 'AWS::Lambda::Function').find(([, { Properties }]) => Properties.Description === `Gongzhi: ${name}`);
  if (!found) throw new Error(`There is no function of ${name}`);
  return found[1];
}
