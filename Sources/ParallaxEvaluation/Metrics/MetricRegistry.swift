/// The metrics there are; help, completion and messages read this.
package enum MetricRegistry {
  package static let all: [any Metric.Type] = [
    SuccessMetric.self,
    RecallMetric.self,
    PrecisionMetric.self,
    AveragePrecisionMetric.self,
    NDCGMetric.self,
    ExponentialNDCGMetric.self,
    ReciprocalRankMetric.self,
    RPrecisionMetric.self,
    BPrefMetric.self,
    RBPMetric.self,
    JudgedMetric.self,
    UnjudgedMetric.self,
    MicroAPMetric.self,
    RecallAtPrecisionMetric.self,
    NormalizedAUCMetric.self,
  ]

  /// How each is written, such as `success@k`.
  package static let usages = all.map { $0.spec.usage }
}
