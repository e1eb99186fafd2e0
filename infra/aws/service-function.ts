import path from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../bundle/functions.js';
import { capitalised } from './data-stack.js';
import type { Settings } from './settings.js';

/** The Cybersecurity Law (网络安全法) asks for logs of at least six months; 180 days are less than that. */
export const logRetention = RetentionDays.ONE_YEAR;

export interface Size {
  /** Lambda gives CPU in proportion; a whole one from 1769 MB. */
  readonly memoryMb: number;
  readonly timeout: Duration;
}

/** A function with what it must not share: a role that may nothing but write the function's own log, and that log. */
export class ServiceFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly log: LogGroup;

  constructor(
    scope: Construct,
    readonly name: FunctionName,
    { memoryMb, timeout, bundles, runtime, architecture }: Size & Settings & { readonly bundles: string },
  ) {
    super(scope, capitalised(name));
    this.log = new LogGroup(this, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.RETAIN });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Gongzhi: what the ${name} function may do`,
    });
    this.log.grantWrite(role);
    this.fn = new LambdaFunction(this, 'Function', {
      description: `Gongzhi: ${name}`,
      code: Code.fromAsset(path.join(bundles, name)),
      handler: 'index.handler',
      runtime,
      architecture,
      memorySize: memoryMb,
      timeout,
      role,
      logGroup: this.log,
      tracing: Tracing.DISABLED,
    });
  }
}
