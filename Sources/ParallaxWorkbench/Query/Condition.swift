package import ParallaxConditions
package import ParallaxCore

extension WhereExpression {
  /// Runs what reads or evaluates this condition: errors that point into its text are about the
  /// parameter `where`.
  package func attributed<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as ParallaxError {
      throw error.aboutCondition
    }
  }
}

extension ParallaxError {
  /// The same error about the parameter `where`, at the part of it that the error points at.
  package var aboutCondition: ParallaxError {
    var copy = self
    copy.parameter = Parameter(name: "where", part: location?.range)
    copy.location = nil
    return copy
  }
}
