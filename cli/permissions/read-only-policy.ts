/** One statement of an IAM policy that only reads. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: '*';
}

const allow = (sid: string, ...actions: readonly string[]): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
});

/** What `top`, `diagnose`, `check`, `explain`, `backtest` and `doctor` call, under the names of docs/permissions.md. */
export const READ_ONLY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    allow('ReadKeyUsage', 'cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'),
    allow('ReadKeyNames', 'kms:ListAliases'),
    allow('ReadKeySpecs', 'kms:DescribeKey'),
    allow('FindCallers', 'cloudtrail:LookupEvents'),
    allow('FindLastUse', 'kms:GetKeyLastUsage'),
    allow('ReadQuotas', 'servicequotas:ListServiceQuotas'),
  ],
} as const;

/** The statement that allows an action. */
export const statementFor = (action: string): Statement =>
  READ_ONLY_POLICY.Statement.find(({ Action }) => Action.includes(action)) ?? allow('Allow', action);
