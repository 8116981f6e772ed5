extension Collection<Double> {
  /// The sum from the first to the last, so that it is the same everywhere.
  var sum: Double { reduce(0, +) }

  /// The mean; not a number without values.
  var mean: Double { sum / Double(count) }
}
