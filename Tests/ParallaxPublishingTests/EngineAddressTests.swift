import ParallaxCore
import Testing

@testable import ParallaxPublishing

@Suite struct EngineAddressTests {
  @Test func hasParts() throws {
    let address = try EngineAddress(
      "postgres://r%20w@db.example:5433/photos?sslmode=verify-full&sslkey=/k.pem")
    #expect(
      (address.scheme, address.user, address.host, address.port, address.path)
        == ("postgres", "r w", "db.example", 5433, "photos"))
    #expect(address.parameters.map(\.name) == ["sslmode", "sslkey"])
    let plain = try EngineAddress("POSTGRESQL://[::1]/a")
    #expect((plain.scheme, plain.host, plain.port) == ("postgresql", "[::1]", nil))
    #expect(try EngineAddress("postgres:///a?host=/run").host == "")
  }

  @Test(arguments: [
    "postgres://me:hunter22@h/d", "postgres://h/d?password=hunter22",
    "postgres://h/d?sslpassword=hunter22", "postgres://h/d?api_key=hunter22",
    "postgres://:hunter22@h/d",
  ])
  func holdsNoSecret(text: String) {
    let error = #expect(throws: ParallaxError.self) { try EngineAddress(text) }
    #expect(error?.message.contains("holds no secret") == true)
    #expect(error?.hint?.contains("PGPASSWORD") == true)
    #expect(error?.description.contains("hunter22") == false)
  }

  @Test(arguments: [
    "", "postgres", "postgres:/h/d", "postgress://h/d", "http://h/d", "postgres://h:0/d",
    "postgres://h:x/d", "postgres://h/a b", "postgres://h/d?x", "postgres://h/d#x",
  ])
  func isNoOtherText(text: String) {
    let error = #expect(throws: ParallaxError.self) { try EngineAddress(text) }
    #expect(error?.code == .invalidValue)
  }

  @Test(arguments: [
    "postgres://u:hunter/22@h/d", "postgres://u:1?x=hunter@h/d", "postgres://u:hunter#22@h/d",
    "qdrant://k/hunter@h",
  ])
  func nothingBehindTheHostMayBeAPassword(text: String) {
    let error = #expect(throws: ParallaxError.self) { try EngineAddress(text) }
    #expect(error?.code == .invalidValue)
    #expect(error?.hint?.contains("PGPASSWORD") == true)
    #expect(error?.description.contains("hunter") == false)
  }

  @Test func nearSchemesAreSuggested() {
    let error = #expect(throws: ParallaxError.self) { try EngineAddress("postgress://h/d") }
    #expect(error?.hint?.hasPrefix("did you mean 'postgres") == true)
  }
}
