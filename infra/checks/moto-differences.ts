/** A way in which a stand-in is not like AWS, that a suite has to leave something out for. */
export interface Difference {
  /** The port it is seen through. */
  readonly port: string;
  readonly what: string;
  /** Where AWS says how it is. */
  readonly source: string;
}

const CLOUDWATCH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference';

/** How moto is not like AWS. Each is shown by a test, so a moto that has learned it makes itself heard. */
export const MOTO_DIFFERS = {
  recentlyActive: {
    port: 'MetricDirectory',
    what: 'its ListMetrics takes no notice of RecentlyActive',
    source: `${CLOUDWATCH}/API_ListMetrics.html`,
  },
  forgets: {
    port: 'MetricDirectory',
    what: 'its ListMetrics never forgets',
    source: `${CLOUDWATCH}/API_ListMetrics.html`,
  },
  onePage: {
    port: 'MetricSource',
    what: 'its GetMetricData answers on one page, however few datapoints are asked for, and never partially',
    source: `${CLOUDWATCH}/API_GetMetricData.html`,
  },
  subscriptions: {
    port: 'Receiver: SNS',
    what: 'its topics do not count their subscriptions',
    source: 'https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html',
  },
} as const satisfies Record<string, Difference>;

/** Why a port is not tried against moto at all: what moto's own source says, of the release that is pinned. */
export const NOT_IN_MOTO: Readonly<Record<string, string>> = {
  CallerSource: 'it knows no `LookupEvents` (`moto/cloudtrail/responses.py`)',
  QuotaLookup: 'it knows no `ListServiceQuotas` (`moto/servicequotas/responses.py`)',
  UsageQuery: 'it sums over everything instead of reading the query (`moto/cloudwatch/models.py`)',
};
