/** API Gateway's choice of a route: the most literal one wins, and `$default` takes the rest. */
export interface Match<T> {
  readonly routeKey: string;
  readonly pathParameters: Record<string, string>;
  readonly target: T;
}

export function router<T>(targets: ReadonlyMap<string, T>) {
  const routes = [...targets]
    .filter(([routeKey]) => routeKey !== '$default')
    .map(([routeKey, target]) => ({ routeKey, target, ...shapeOf(routeKey) }))
    .sort((a, b) => a.variables - b.variables);

  return (method: string, path: string): Match<T> | undefined => {
    for (const { routeKey, target, method: own, pattern } of routes) {
      const found = own === method ? pattern.exec(path) : null;
      if (found) return { routeKey, target, pathParameters: decoded(found.groups ?? {}) };
    }
    const target = targets.get('$default');
    return target && { routeKey: '$default', pathParameters: {}, target };
  };
}

function shapeOf(routeKey: string) {
  const [method = '', path = ''] = routeKey.split(' ');
  const pattern = path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { method, pattern: new RegExp(`^${pattern}$`), variables: path.split('{').length - 1 };
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, safely(value)]));
}

/** A lone `%` is no encoding: it stays, and the schema of the path refuses it. */
function safely(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
