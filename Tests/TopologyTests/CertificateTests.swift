import NetworkTypes
import Testing
import Topology

@Suite struct CertificateTests {
  /// subjectAltName=DNS:*.prg.example.net,IP:10.20.0.10; made by openssl, and its key thrown away.
  private let pem = """
    -----BEGIN CERTIFICATE-----
    MIIBiDCCAS2gAwIBAgIUQoaTyjXSRnWwyttSBZkzAYPclAQwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUbWFhcy5wcmcuZXhhbXBsZS5uZXQwIBcNMjYwMTAxMDAwMDAw
    WhgPMjA1NjAxMDEwMDAwMDBaMB8xHTAbBgNVBAMMFG1hYXMucHJnLmV4YW1wbGUu
    bmV0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoqfH1HNZBQqJ4D1S/OB3dQ3u
    vtjQ+0+CKtQjqpxWdYg0CPqN1mjhP/HLZXFQm1m/5Xl8jPO0wX5VGI4GTaI8qKNF
    MEMwIgYDVR0RBBswGYIRKi5wcmcuZXhhbXBsZS5uZXSHBAoUAAowHQYDVR0OBBYE
    FDeh2aLovVnPHGkLtZ5xYkSJKW7XMAoGCCqGSM49BAMCA0kAMEYCIQDZY6n5q62D
    sTJUXlLLww6r2ipd5JOArmlQ7cwDCo/zNQIhAI+p6uMgdOdZfxXDFaIixOGw7Kpj
    DVDEGKLG/x0YBiMm
    -----END CERTIFICATE-----

    """

  @Test func namesAndEndAreRead() throws {
    let certificate = try #require(CertificateFacts(Array(pem.utf8)))
    #expect(certificate.names == ["*.prg.example.net"])
    #expect(certificate.addresses == [try #require(IPAddress("10.20.0.10"))])
    #expect(certificate.notAfter.description == "2056-01-01")
  }

  @Test("what stands around it in a PEM file does not matter") func surroundings() {
    let text = "Bag Attributes\r\n" + pem.split(separator: "\n").joined(separator: "\r\n") + "\r\n" + pem
    #expect(CertificateFacts(Array(text.utf8)) == CertificateFacts(Array(pem.utf8)))
  }

  @Test("a file that is cut off or damaged is no certificate, or another one, and nothing worse") func damage() {
    let bytes = Array(pem.utf8)
    let body = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    for length in 0..<(bytes.count - 26) { #expect(CertificateFacts(Array(bytes[..<length])) == nil) }
    for position in body..<(bytes.count - 27) where bytes[position] != 10 {
      var damaged = bytes
      damaged[position] = damaged[position] == UInt8(ascii: "A") ? UInt8(ascii: "/") : UInt8(ascii: "A")
      _ = CertificateFacts(damaged)
    }
    #expect(CertificateFacts([]) == nil)
    #expect(CertificateFacts([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
  }
}
