extension Int {
  /// The number as a reply's count of tokens; `nil` for one that no request can have, so that sums of
  /// what services state are numbers, too.
  var asTokenCount: Int? { (0...1 << 40).contains(self) ? self : nil }
}
