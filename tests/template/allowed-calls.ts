/**
 * Calls to AWS that the detector makes, as IAM names them. Three tests share this list: the template grants exactly
 * these, the adapters' source makes exactly these, and the bundle at work makes no other.
 */
export const SDK_CALLS = [
  'cloudtrail:LookupEvents',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
  'events:PutEvents',
  'kms:DescribeKey',
  'kms:GetKeyLastUsage',
  'kms:ListAliases',
  'secretsmanager:GetSecretValue',
  'servicequotas:ListServiceQuotas',
  'sns:GetTopicAttributes',
  'sns:Publish',
] as const;

/** What the role allows although the detector's code never calls it, and who does. */
export const GRANTED_WITHOUT_A_CALL: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda opens a log stream under the role of the function',
  'logs:PutLogEvents': 'Lambda writes the log, and the metrics in it, under the role of the function',
  'sqs:SendMessage': 'Lambda keeps the event of a failed check under the role of the function',
  'kms:Decrypt': 'SNS and Secrets Manager use your own key on behalf of the caller',
  'sts:AssumeRole': 'the SDK asks for credentials of the role in a linked account',
  'kms:GenerateDataKey': 'SNS encrypts under your own key on behalf of the publisher',
};

/** Actions that AWS defines without resources: for them `*` is the narrowest there is. */
export const WITHOUT_RESOURCES = [
  'cloudtrail:LookupEvents',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'kms:ListAliases',
  'servicequotas:ListServiceQuotas',
] as const;

/** Actions that are allowed on a pattern of resources, and why not on fewer. */
export const PATTERNS: Readonly<Record<string, string>> = {
  'kms:DescribeKey': 'any key of the account may be used, and a new one at any time',
  'kms:GetKeyLastUsage': 'any key of the account may be the one in trouble',
};
