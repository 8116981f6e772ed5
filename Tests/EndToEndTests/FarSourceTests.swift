import ParallaxTestSupport
import Testing

/// Pictures of the web and of object stores, by the built program over real HTTP.
@Suite(
  .enabled(if: ProviderServer.python != nil, "needs Python, which runs the server of pictures"))
struct FarSourceTests {
  /// A folder `served` with some tiles below `place`, and a server of it.
  private func inServedFolder(
    _ place: String = "web", _ names: [String] = ["mug-001", "mug-002", "car-001"],
    _ body: (Shell, PictureServer) async throws -> Void
  ) async throws {
    try await Shell.inNewFolder { shell in
      for (number, name) in names.enumerated() {
        try TestFiles.copy(
          "\(Shell.tiles)/images/\(name).jpg",
          to: "\(shell.folder)/served/\(place)/\(number + 1).jpg")
      }
      let server = try await PictureServer(shell.folder + "/served")
      defer { server.stop() }
      try await body(shell, server)
    }
  }

  private func list(_ shell: Shell, _ server: PictureServer, _ names: [String]) throws {
    let rows = names.map { "\(server.origin)/web/\($0).jpg,\($0)" }
    try TestFiles.write(
      (["url,number"] + rows).joined(separator: "\n") + "\n", to: shell.folder + "/list.csv")
  }

  @Test func `pictures of the web are embedded as the same files are`() async throws {
    try await inServedFolder { shell, server in
      try list(shell, server, ["1", "2", "3"])
      let environment = server.environment()
      let outcome = try await shell.run(
        "create collection w ; ingest w --urls list.csv ; embed w --as base --model mini ; "
          + "create collection f ; ingest f served/web ; embed f --as base --model mini",
        environment: environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("w: 3 new"), "\(outcome.errors)")
      for tile in ["mug-001", "car-001"] {
        let query = "--image \(Shell.tiles)/images/\(tile).jpg --columns score"
        let web = try await shell.rows("query w@base \(query)")
        let files = try await shell.rows("query f@base \(query)")
        #expect(web == files && web.count == 3)
      }
      let rows = try await shell.rows(
        "query w@base --text mug --where \"number = 2\" --columns path")
      #expect(rows.first?.last == "\(server.origin)/web/2.jpg")
    }
  }

  @Test func `what has not changed is not sent again`() async throws {
    try await inServedFolder { shell, server in
      try list(shell, server, ["1", "2", "3"])
      let environment = server.environment()
      _ = try await shell.run(
        "create collection w ; ingest w --urls list.csv", environment: environment)
      try TestFiles.copy(
        "\(Shell.tiles)/images/car-002.jpg", to: shell.folder + "/served/web/2.jpg")
      try await server.forgetRequests()
      let outcome = try await shell.run("sync w", environment: environment)
      #expect(outcome.errors.contains("1 changed · 2 as before"), "\(outcome.errors)")
      let requests = try await server.requests()
      #expect(requests.count == 3 && requests.allSatisfy { $0.headers["if-none-match"] != nil })

      try list(shell, server, ["1", "2"])
      let gone = try await shell.run("sync w", environment: environment)
      #expect(gone.errors.contains("1 removed · 2 as before"), "\(gone.errors)")
    }
  }

  @Test func `addresses of this machine are refused unless allowed`() async throws {
    try await inServedFolder { shell, server in
      try TestFiles.write(
        "\(server.origin)/web/1.jpg\nhttp://localhost:\(server.port)/web/2.jpg\n"
          + "http://[::ffff:127.0.0.1]:\(server.port)/web/3.jpg\n"
          + "http://2130706433:\(server.port)/web/4.jpg\n",
        to: shell.folder + "/list.txt")
      let outcome = try await shell.run("create collection w ; ingest w --urls list.txt")
      #expect(outcome.errors.contains("its address is of this machine"), "\(outcome.errors)")
      #expect(outcome.errors.contains("w: 0 new"))
      #expect(try await server.requests().isEmpty)
    }
  }

  @Test func `files, logins and signatures`() async throws {
    try await inServedFolder { shell, server in
      try TestFiles.write(
        "\(server.origin)/web/1.jpg?X-Amz-Signature=feedfacefeedface&w=1\nfile:///etc/passwd\n"
          + "http://user:hunter22@127.0.0.1/x.jpg\n",
        to: shell.folder + "/list.txt")
      let environment = server.environment()
      let outcome = try await shell.run(
        "create collection w ; ingest w --urls list.txt ; show _",
        environment: environment)
      #expect(outcome.errors.contains("w: 1 new"), "\(outcome.errors)")
      #expect((outcome.output + outcome.errors).contains("addresses of 'file' are not read"))
      let file = try TestFiles.bytes(of: shell.folder + "/work.parallax")
      for text in [outcome.output + outcome.errors, String(decoding: file, as: UTF8.self)] {
        #expect(!text.contains("feedfacefeedface") && !text.contains("hunter22"))
      }
      // Another program has no signature: the remedy is named.
      let later = try await shell.run(
        "embed w --as base --model mini ; show _", environment: environment)
      #expect((later.output + later.errors).contains("signed"), "\(later.errors)")
    }
  }

  @Test func `redirections are followed, a few times`() async throws {
    try await inServedFolder { shell, server in
      let loop = "\(server.origin)/redirect?to=/redirect%3Fto%3D/web/1.jpg"
      try TestFiles.write(
        "\(loop)\n\(server.origin)/redirect?to=file:///etc/passwd\n\(server.origin)/web/none.jpg\n",
        to: shell.folder + "/list.txt")
      let outcome = try await shell.run(
        "create collection w ; ingest w --urls list.txt ; show _", environment: server.environment()
      )
      #expect(outcome.errors.contains("w: 1 new"), "\(outcome.errors)")
      let text = outcome.output + outcome.errors
      #expect(text.contains("redirected to what is no address of the web"), "\(text)")
      #expect(text.contains("404 (there is nothing)"), "\(text)")
    }
  }

  @Test func `a bucket is listed in pages, signed, and read again only where it changed`()
    async throws
  {
    try await inServedFolder("private-photos/a b+c", ["mug-001", "mug-002", "mug-003", "car-001"]) {
      shell, server in
      try TestFiles.copy(
        "\(Shell.tiles)/images/car-002.jpg", to: shell.folder + "/served/private-photos/a b+c/noend"
      )
      try TestFiles.write("words", to: shell.folder + "/served/private-photos/a b+c/words")
      try await server.setPage(2)
      let environment = server.environment()
      let outcome = try await shell.run(
        "create collection s ; ingest s \"s3://private-photos/a b+c\" ; "
          + "embed s --as base --model mini", environment: environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("s: 5 new"), "\(outcome.errors)")
      let first = try await server.requests()
      #expect(first.count { $0.headers["range"] == "bytes=0-1023" } == 2)
      try await server.forgetRequests()
      let again = try await shell.run("sync s", environment: environment)
      #expect(again.errors.contains("s: 0 new · 5 as before"), "\(again.errors)")
      let second = try await server.requests()
      // Three pages, and the head of what is no picture.
      #expect(second.count == 4, "\(second.map(\.path))")
      for text in [outcome.errors, again.errors] { #expect(!text.contains("test/secret")) }
    }
  }

  @Test func `a bucket that is refused says why and what to do`() async throws {
    try await inServedFolder("private-photos") { shell, server in
      let unsigned = try await shell.run(
        "create collection s ; ingest s s3://private-photos",
        environment: server.environment(keys: [:]))
      #expect(unsigned.code != 0)
      #expect(unsigned.errors.contains("access is denied"), "\(unsigned.errors)")
      #expect(unsigned.errors.contains("AWS_ACCESS_KEY_ID"))
      var wrong = PictureServer.keys
      wrong["AWS_SECRET_ACCESS_KEY"] = "another-secret-key-0123456789"
      let refused = try await shell.run(
        "ingest s s3://private-photos", environment: server.environment(keys: wrong))
      #expect(refused.errors.contains("does not accept the keys"), "\(refused.errors)")
      #expect(!refused.errors.contains("another-secret") && !refused.errors.contains("test/secret"))
      let none = try await shell.run(
        "ingest s s3://no-such-bucket", environment: server.environment())
      #expect(none.errors.contains("there is no such bucket"), "\(none.errors)")
    }
  }

  @Test func `keys come from a profile where the environment has none`() async throws {
    try await inServedFolder("private-photos") { shell, server in
      TestFiles.makeFolder(shell.folder + "/.aws")
      let keys = PictureServer.keys
      func write(_ secret: String) throws {
        try TestFiles.write(
          """
          [far]
          aws_access_key_id = \(keys["AWS_ACCESS_KEY_ID"] ?? "")
          aws_secret_access_key = \(secret)
          aws_session_token = \(keys["AWS_SESSION_TOKEN"] ?? "")
          [sso]
          sso_session = mine
          """, to: shell.folder + "/.aws/credentials")
      }
      try write(keys["AWS_SECRET_ACCESS_KEY"] ?? "")
      try TestFiles.write(
        "[profile far]\nendpoint_url = \(server.origin)\n", to: shell.folder + "/.aws/config")
      func run(_ commands: String, _ variables: [String: String]) async throws -> ProgramOutcome {
        try await shell.run(
          commands,
          environment: ["HOME": shell.folder, "PARALLAX_SOURCE_PRIVATE": "on"].merging(variables) {
            $1
          })
      }
      let read = try await run(
        "create collection s ; ingest s s3://private-photos", ["AWS_PROFILE": "far"])
      #expect(read.code == 0, "\(read.errors)")
      let none = try await run("sync s", ["AWS_PROFILE": "near"])
      #expect(
        none.code != 0 && none.errors.contains("there is no profile 'near'"), "\(none.errors)")
      let sso = try await run("sync s", ["AWS_PROFILE": "sso"])
      #expect(sso.errors.contains("gets its keys by 'sso_session'"), "\(sso.errors)")
      #expect(sso.errors.contains("aws configure export-credentials"), "\(sso.errors)")
      // The environment comes first, and as a whole.
      var own = keys
      own["AWS_PROFILE"] = "far"
      try write("another-secret-key-0123456789")
      #expect(try await run("sync s", own).code == 0)
      let wrong = try await run("sync s", ["AWS_PROFILE": "far"])
      #expect(wrong.errors.contains("or the profile that AWS_PROFILE names"), "\(wrong.errors)")
      for text in [read, none, sso, wrong].map({ $0.output + $0.errors }) {
        #expect(!text.contains("another-secret") && !text.contains("test/secret"))
      }
    }
  }

  @Test func `an object that cannot be looked at hides no other`() async throws {
    try await inServedFolder("photos") { shell, server in
      try TestFiles.copy(
        "\(Shell.tiles)/images/car-002.jpg", to: shell.folder + "/served/photos/noend")
      try await server.deny("noend")
      let outcome = try await shell.run(
        "create collection s ; ingest s s3://photos ; show _", environment: server.environment())
      #expect(outcome.errors.contains("s: 3 new"), "\(outcome.errors)")
      #expect((outcome.output + outcome.errors).contains("noend"), "\(outcome.output)")
      let strict = try await shell.run(
        "set strict on ; ingest s s3://photos", environment: server.environment())
      #expect(strict.code != 0)
    }
  }

  @Test func `the addresses of a list become no field, whatever is the key`() async throws {
    try await inServedFolder { shell, server in
      try TestFiles.write(
        "id,url,number\nx,\(server.origin)/web/1.jpg?token=feedfacefeed,7\n",
        to: shell.folder + "/list.csv")
      let outcome = try await shell.run(
        "create collection w ; ingest w --urls list.csv --key id ; list fields w",
        environment: server.environment())
      #expect(outcome.errors.contains("w: 1 new"), "\(outcome.errors)")
      #expect(outcome.output.contains("number") && !outcome.output.contains("url"))
      let file = try TestFiles.bytes(of: shell.folder + "/work.parallax")
      #expect(!String(decoding: file, as: UTF8.self).contains("feedfacefeed"))
    }
  }

  @Test func `a picture that changed since it was read fails alone`() async throws {
    try await inServedFolder { shell, server in
      try list(shell, server, ["1", "2", "3"])
      let environment = server.environment()
      _ = try await shell.run(
        "create collection w ; ingest w --urls list.csv", environment: environment)
      try TestFiles.copy(
        "\(Shell.tiles)/images/car-002.jpg", to: shell.folder + "/served/web/2.jpg")
      let outcome = try await shell.run(
        "embed w --as base --model mini ; show _", environment: environment)
      #expect((outcome.output + outcome.errors).contains("changed"), "\(outcome.errors)")
      #expect(outcome.errors.contains("2 embedded"), "\(outcome.errors)")
    }
  }

  @Test func `a report shows the small copies that were kept`() async throws {
    try await inServedFolder { shell, server in
      try list(shell, server, ["1", "2", "3"])
      let environment = server.environment()
      _ = try await shell.run(
        "create collection w ; ingest w --urls list.csv ; embed w --as base --model mini",
        environment: environment)
      server.stop()
      let outcome = try await shell.run(
        "q = query w@base --text mug ; report q --to r.html", environment: environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let page = try #require(TestFiles.text(of: shell.folder + "/r.html"))
      #expect(page.contains("data:image/jpeg"))
    }
  }

  @Test(
    .enabled(
      if: MotoStore.python != nil,
      "SKIPPED: needs a Python with moto[server] and boto3; name it in PARALLAX_TEST_MOTO"))
  func `moto's store gives the vectors of the folder`() async throws {
    try await inServedFolder { shell, _ in
      let store = try await MotoStore(shell.folder + "/served/web")
      defer { store.stop() }
      // The same by a profile.
      let variables = store.environment
      try TestFiles.write(
        """
        [default]
        aws_access_key_id = \(variables["AWS_ACCESS_KEY_ID"] ?? "")
        aws_secret_access_key = \(variables["AWS_SECRET_ACCESS_KEY"] ?? "")
        """, to: shell.folder + "/keys")
      let profiled = try await shell.run(
        "create collection p ; ingest p s3://photos",
        environment: [
          "AWS_SHARED_CREDENTIALS_FILE": shell.folder + "/keys",
          "AWS_ENDPOINT_URL": variables["AWS_ENDPOINT_URL_S3"] ?? "",
        ])
      #expect(profiled.errors.contains("p: 3 new"), "\(profiled.errors)")
      let outcome = try await shell.run(
        "create collection s ; ingest s s3://photos ; embed s --as base --model mini ; sync s",
        environment: store.environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("s: 3 new") && outcome.errors.contains("3 as before"))
      let other = Shell(folder: shell.folder + "/served", program: shell.program)
      try await other.succeed(
        "create collection s ; ingest s web ; embed s --as base --model mini")
      let query = "query s@base --text mug --columns score"
      #expect(try await shell.rows(query) == other.rows(query))
    }
  }

  @Test func `shards are read where they lie, with what is beside the pictures`() async throws {
    try await inServedFolder { shell, _ in
      let script = """
        import io, json, sys, tarfile
        with tarfile.open("shards/0.tar", "w") as archive:
            for number, name in enumerate(["1", "2", "3"]):
                files = {"jpg": open(f"served/web/{name}.jpg", "rb").read(), "txt": f"tile {name}".encode(), "cls": b"4",
                         "json": json.dumps({"year": 2020 + number}).encode()}
                for ending, data in files.items():
                    info = tarfile.TarInfo(f"{name}.{ending}")
                    info.size = len(data)
                    archive.addfile(info, io.BytesIO(data))
        """
      TestFiles.makeFolder(shell.folder + "/shards")
      let made = try await ProgramRun(
        try #require(ProviderServer.python), ["-c", script], folder: shell.folder
      ).finish()
      #expect(made.code == 0, "\(made.errors)")
      try await shell.succeed(
        "create collection a ; ingest a shards ; embed a --as base --model mini")
      let rows = try await shell.rows(
        "query a@base --text mug --where \"year = 2021\" --columns id,caption,cls")
      #expect(rows.last == ["0.tar/2", "tile 2", "4"])
      #expect(try await shell.succeed("sync a").errors.contains("a: 0 new · 3 as before"))
      let other = Shell(folder: shell.folder + "/served", program: shell.program)
      try await other.succeed("create collection a ; ingest a web ; embed a --as base --model mini")
      let query = "query a@base --text mug --columns score"
      #expect(try await shell.rows(query) == other.rows(query))

      let bytes = try TestFiles.bytes(of: shell.folder + "/shards/0.tar")
      try TestFiles.write(bytes.prefix(bytes.count / 2), to: shell.folder + "/shards/0.tar")
      let cut = try await shell.run("sync a")
      #expect(cut.errors.contains("cut or damaged"), "\(cut.errors)")
      #expect(!cut.errors.contains("removed"))
      let packed = try await shell.run("ingest a x.tar.gz")
      #expect(packed.code != 0)
    }
  }
}
