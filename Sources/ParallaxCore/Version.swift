/// The program's version, as `--version` prints it and provenance records it.
package enum Version {
  package static let current = "0.1.0"
}
