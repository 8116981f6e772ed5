package import ParallaxConditions
package import ParallaxCore

extension WhereExpression {
  /// Runs what reads or evaluates this condition: errors that point into its text are about the
  /// parameter that it is the value of.
  package func attributed<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as ParallaxError { throw attributed(error) }
  }

  /// The same error about the parameter, at the part of it that the error points at.
  package func attributed(_ error: ParallaxError) -> ParallaxError {
    var copy = error
    copy.parameter = .init(name: form.rawValue, part: error.location?.range)
    copy.location = nil
    return copy
  }
}
