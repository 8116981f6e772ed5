import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxHTTP
@testable import ParallaxSources

struct StoreProfileTests {
  private static let credentials = """
    # What `aws configure` writes.
    [default]
    aws_access_key_id = AKIADEFAULT
    aws_secret_access_key = default/secret=
    [work]
    aws_access_key_id=AKIAWORK
    aws_secret_access_key=work-secret
    aws_session_token = work-token
    ; half of one
    [half]
    aws_access_key_id = AKIAHALF
    """
  private static let config = """
    [default]
    region = eu-west-1
    [profile work]
    region = eu-central-1
    endpoint_url = http://127.0.0.1:1
    services = own
    [profile  "two words" ]
    AWS_Access_Key_ID = AKIATWO
    aws_secret_access_key = two
    [profile single]
    sso_session = mine
    region = us-west-2
    [services own]
    dynamodb =
      endpoint_url = http://127.0.0.1:2
    s3 =
      endpoint_url = http://127.0.0.1:3
      other = x
    """

  private func profile(_ variables: [String: String]) async throws -> StoreProfile? {
    try await withFiles { try StoreProfile(in: $0.merging(variables) { $1 }) }
  }

  /// The files in a home folder.
  private func withFiles<Result>(
    _ body: (_ variables: [String: String]) throws -> Result
  ) async throws -> Result {
    try await withTemporaryDirectory { folder in
      TestFiles.makeFolder(folder + "/.aws")
      try TestFiles.write(Self.credentials, to: folder + "/.aws/credentials")
      try TestFiles.write(Self.config, to: folder + "/.aws/config")
      return try body(["HOME": folder])
    }
  }

  @Test func `the usual profile is read where none is named`() async throws {
    let profile = try #require(try await profile([:]))
    #expect(profile.name == "default" && !profile.isNamed)
    #expect(profile.accessKey == "AKIADEFAULT" && profile.region == "eu-west-1")
    #expect(profile.secretKey?.revealed() == "default/secret=")
    #expect(profile.endpoint == nil && profile.sessionToken == nil && profile.refusal == nil)
    #expect(try StoreProfile(in: [:]) == nil)
    #expect(try StoreProfile(in: ["HOME": "/nowhere"]) == nil)
  }

  @Test func `a named profile is put together from both files`() async throws {
    let work = try #require(try await profile(["AWS_PROFILE": "work"]))
    #expect(work.accessKey == "AKIAWORK" && work.sessionToken?.revealed() == "work-token")
    #expect(work.region == "eu-central-1" && work.endpoint == "http://127.0.0.1:3")
    let two = try #require(try await profile(["AWS_DEFAULT_PROFILE": "two words"]))
    #expect(two.accessKey == "AKIATWO" && two.isNamed)
    try await withFiles { home in
      let folder = (home["HOME"] ?? "") + "/.aws"
      let elsewhere = [
        "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_CONFIG_FILE": "/nowhere",
      ]
      let profile = try #require(try StoreProfile(in: elsewhere))
      #expect(profile.accessKey == "AKIADEFAULT" && profile.region == nil)
    }
  }

  @Test func `what is no use is said with what helps`() async throws {
    let none = await #expect(throws: ParallaxError.self) {
      try await profile(["AWS_PROFILE": "nobody"])
    }
    #expect(none?.message.contains("no profile 'nobody' in '") == true)
    #expect(none?.message.contains(".aws/credentials' and '") == true)
    let half = await #expect(throws: ParallaxError.self) {
      try await profile(["AWS_PROFILE": "half"])
    }
    #expect(half?.message.contains("one of aws_access_key_id and") == true)
    let single = try await profile(["AWS_PROFILE": "single"])
    #expect(single?.refusal?.message.contains("by 'sso_session'") == true)
    #expect(single?.refusal?.hint?.contains("export-credentials --profile 'single'") == true)
  }

  @Test(arguments: ["words", "[a\nb = c", "a = b", "[a]\nwords"])
  func `what is no list of settings is none`(_ text: String) {
    #expect(StoreProfile.settings(in: text) == nil)
  }
}
