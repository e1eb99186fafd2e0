interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have the shape that CloudFormation gives them
  readonly Properties?: any;
}

/** Kinds of resources that China's regions do not have, or not for what we would use them for. */
const kinds: readonly [RegExp, string][] = [
  [/^AWS::Cognito::/, 'Cognito'],
  [/^AWS::Lambda::Url$/, 'function URLs'],
  [/^AWS::(Lambda::CodeSigningConfig|Signer::)/, 'code signing'],
  [/^AWS::SES::/, 'SES'],
  [/^AWS::XRay::/, 'tracing of functions'],
  [
    /^AWS::CloudFront::(OriginAccessControl|Function|KeyValueStore|CachePolicy|OriginRequestPolicy|ResponseHeadersPolicy)$/,
    'this part of CloudFront',
  ],
];

/** What of a resource China lacks. The offline validator knows kinds by region but no properties: those are told here. */
export function absentInChina({ Type, Properties = {} }: Resource): string[] {
  const text = JSON.stringify(Properties);
  const found = kinds.filter(([kind]) => kind.test(Type)).map(([, name]) => name);
  const when = (holds: boolean, name: string) => holds && found.push(name);
  when(Type === 'AWS::Lambda::Function' && Properties.TracingConfig !== undefined, 'tracing of functions');
  when(Type === 'AWS::Lambda::Function' && Properties.CodeSigningConfigArn !== undefined, 'code signing');
  when(Type === 'AWS::ApiGatewayV2::Authorizer' && text.includes('cognito'), 'Cognito authorisers');
  when(Type === 'AWS::ApiGateway::RestApi' && text.includes('EDGE'), 'edge-optimised APIs');
  when(Type === 'AWS::CloudWatch::Alarm' && text.includes('AsyncEvent'), 'AsyncEvents metrics');
  when(Type === 'AWS::CloudWatch::Dashboard' && text.includes('AsyncEvent'), 'AsyncEvents metrics');
  when(Type === 'AWS::SNS::Subscription' && Properties.Protocol === 'sms', 'SNS SMS');
  when(Type === 'AWS::CloudFront::Distribution' && /CachePolicyId|OriginAccessControlId/.test(text), 'cache policies or OAC');
  when(/^AWS::WAFv2::/.test(Type) && text.includes('CLOUDFRONT'), 'WAF for CloudFront');
  when(Type === 'AWS::WAFv2::WebACLAssociation' && text.includes('apigateway'), 'WAF for an HTTP API');
  when(Type === 'AWS::DynamoDB::GlobalTable' && text.includes('STRONG'), 'strong consistency over regions');
  when(/"arn:aws:|\.amazonaws\.com\//.test(text), 'an address of the standard partition');
  return found;
}
