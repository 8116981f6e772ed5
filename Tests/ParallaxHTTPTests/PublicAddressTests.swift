import CCurl
import Testing

@testable import ParallaxHTTP

/// The ranges are those of IANA's registries of special addresses; Python's `ipaddress` says the same of
/// each but the two services of clouds.
@Suite struct PublicAddressTests {
  @Test(arguments: [
    "127.0.0.1", "127.255.255.255", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1",
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "ff02::1", "2001:db8::1", "2001::1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "", "x", "127.1",
  ])
  func `addresses that are not for everybody`(address: String) {
    #expect(!ccurl_is_public(address))
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
    "169.253.1.1", "100.63.255.255", "100.128.0.1", "223.255.255.255", "::ffff:8.8.8.8",
    "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808", "2002:808:808::1",
  ])
  func `addresses of the internet`(address: String) {
    #expect(ccurl_is_public(address))
  }

  /// Nothing is sent: names are resolved, and then the address is looked at.
  @Test(arguments: [
    "http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://0.0.0.0:9/",
    "http://2130706433:9/", "http://0x7f.1:9/", "http://[::ffff:7f00:1]:9/",
    "http://10.255.255.1:9/",
    "http://169.254.169.254/latest/meta-data/",
  ])
  func `a connection to this machine or a private network is not made`(url: String) async {
    let transport = CurlTransport(connections: 1, agent: "parallax-tests")
    let failure = await #expect(throws: TransportFailure.self) {
      try await transport.send(
        HTTPRequest(method: "GET", url: url, timeout: .seconds(20), isPublicOnly: true))
    }
    #expect(failure?.kind == .privateAddress && failure?.isTransient == false)
  }
}
