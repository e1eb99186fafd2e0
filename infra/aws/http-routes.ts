import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat, AccessLogField as Field } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, type HttpMethod, HttpRoute, HttpRouteKey, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type DomainName, domains } from '../../shared/catalog.js';
import { logRetention } from './service-function.js';

/** The route as declared, never the path as called (it holds ids), nor an address or a browser's name. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: Field.contextRequestId(),
    route: Field.contextRouteKey(),
    status: Field.contextStatus(),
    ms: Field.contextResponseLatency(),
    functionMs: Field.contextIntegrationLatency(),
    bytes: Field.contextResponseLength(),
    fault: Field.contextErrorMessage(),
    functionFault: Field.contextIntegrationErrorMessage(),
  }),
);

/**
 * Requests a second over the whole service. A district of half a million at the opening of a popular event stays well
 * below; a flood is refused here, before it costs the city anything.
 */
const throttle = { rateLimit: 500, burstLimit: 1000 };

/** One HTTP API: every route of the catalogue at its domain's function, and whatever no route takes at the pages. */
export class HttpRoutes extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, functions: Readonly<Record<DomainName | 'pages', LambdaFunction>>) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { description: 'Gongzhi', createDefaultStage: false });
    for (const [name, { contract }] of Object.entries(domains) as [DomainName, (typeof domains)[DomainName]][]) {
      const integration = integrationOf(name, functions[name]);
      for (const key of Object.keys(contract)) {
        const [method, path] = key.split(' ') as [HttpMethod, string];
        new HttpRoute(this, key, { httpApi: this.api, routeKey: HttpRouteKey.with(path, method), integration });
      }
    }
    new HttpRoute(this, '$default', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: defaultIntegrationOf('pages', functions.pages),
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy: RemovalPolicy.RETAIN }),
        ),
        format: accessLogFormat,
      },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The token is verified in the function, as its first step: the gateway’s own authoriser knows neither our keys nor revocation. ' +
        'test/routes asks every route in every role, and test/infra every route of the built functions without a token.',
    });
  }
}

/** One permission a function, for all its routes: a permission a route would be fifty more resources and guard nothing. */
const integrationOf = (name: string, fn: LambdaFunction) => new HttpLambdaIntegration(name, fn, { scopePermissionToRoute: false });
// The address of `$default` has two parts where others have three: a permission for all routes does not cover it.
const defaultIntegrationOf = (name: string, fn: LambdaFunction) => new HttpLambdaIntegration(name, fn, { scopePermissionToRoute: true });
