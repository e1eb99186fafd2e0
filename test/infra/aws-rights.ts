import type { FunctionName } from '../../infra/bundle/functions.js';
import { type Domain, domains, runners, type Uses } from '../../shared/catalog.js';
import type { Statement } from './aws-templates.js';

/** What the catalogue says of each function: its tables, its keys, and whether it reaches out. */
export const needsOf: Record<FunctionName, Pick<Domain, 'uses' | 'keys' | 'reachesOut'>> = {
  ...domains,
  ...runners,
  pages: { uses: {} },
};
export const mayKey = (name: FunctionName, use: 'sign' | 'personal') => needsOf[name].keys?.includes(use) ?? false;
export const isDomain = (name: FunctionName) => name in domains;

const changes = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:UpdateItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLUpdate',
];

/** What is wrong with what a function may do, whatever the catalogue says: the promises made to the city's people. */
export function wrongsOf(name: FunctionName, statements: readonly Statement[]): string[] {
  const found = new Set<string>();
  for (const { effect, actions, resources, condition } of statements) {
    if (effect === 'Deny') continue;
    for (const action of actions) {
      for (const resource of resources) {
        const wrong = wrongOf(name, { action, resource, condition });
        if (wrong) found.add(`${action} on ${resource}: ${wrong}`);
      }
    }
  }
  const everyone = statements.some(
    ({ effect, actions, resources }) => effect === 'Allow' && actions.includes('sns:Publish') && resources.includes('*'),
  );
  const topics = statements.some(
    ({ effect, actions, resources }) => effect === 'Deny' && actions.includes('sns:Publish') && resources.includes('topics'),
  );
  if (everyone && !topics) found.add('sns:Publish on *: topics are not denied');
  return [...found];
}

interface Right {
  readonly action: string;
  readonly resource: string;
  readonly condition: Statement['condition'];
}

function wrongOf(name: FunctionName, { action, resource, condition }: Right): string | undefined {
  if (action.includes('*')) return 'more than one action';
  if (resource === '*') return action === 'sns:Publish' && needsOf[name].reachesOut ? undefined : 'everything';
  if (resource === 'topics') return 'a topic';
  if (action === 'dynamodb:Scan' && name !== 'caretaker') return 'only the caretaker reads tables through';
  if (changes.includes(action) && resource === 'Audit' && name !== 'caretaker') return 'the record is only added to';
  if (/^(LookUpSecret)$/.test(resource) && !mayKey(name, 'personal')) return 'a secret of those who open personal fields';
  if (resource === 'OutsideSecret' && !needsOf[name].reachesOut) return 'a secret of those who reach out';
  if (!action.startsWith('kms:')) return undefined;
  if (resource === 'Key')
    return condition?.StringEquals?.['kms:ViaService'] ? undefined : 'the tables’ key is used through a service alone';
  if (resource.startsWith('SigningKey')) {
    if (action === 'kms:GetPublicKey') return isDomain(name) ? undefined : 'no token to verify';
    if (action !== 'kms:Sign') return 'not what a signing key is for';
    return mayKey(name, 'sign') ? undefined : 'only who signs in signs';
  }
  if (!mayKey(name, 'personal')) return 'a key of personal fields';
  if (/^kms:ReEncrypt/.test(action) && name !== 'caretaker') return 'only the caretaker wraps anew';
  return bound(condition, needsOf[name].uses) ? undefined : 'not bound to a table and a record';
}

/** KMS is told of which table and record a data key is, and of no table that is not the function's. */
function bound(condition: Statement['condition'], uses: Uses): boolean {
  const tables = [condition?.StringEquals?.['kms:EncryptionContext:table'] ?? []].flat();
  const record = condition?.Null?.['kms:EncryptionContext:record'];
  return tables.length > 0 && tables.every((table) => table in uses) && record === 'false';
}
