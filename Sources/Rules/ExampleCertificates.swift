/// Certificates that the examples of M511 attach. Nobody has their keys any more.
enum ExampleCertificates {
  /// For maas.prg.example.net and infra-1 to infra-3 below it, to 2036.
  static let full = """
    -----BEGIN CERTIFICATE-----
    MIIB0DCCAXWgAwIBAgIUbqu36uMX9E/Y1K6GZ7bgydVxPfowCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUbWFhcy5wcmcuZXhhbXBsZS5uZXQwHhcNMjYwMTAxMDAwMDAw
    WhcNMzYwMTAxMDAwMDAwWjAfMR0wGwYDVQQDDBRtYWFzLnByZy5leGFtcGxlLm5l
    dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC9cTe6n6KqaGhI2v7R1anJbETB3
    Y5iw8LzHDMBg+QcQurchae5NK8x/dsRyt2SyEwlmwFl/JuiyAWj0LmmHU7ejgY4w
    gYswagYDVR0RBGMwYYIUbWFhcy5wcmcuZXhhbXBsZS5uZXSCF2luZnJhLTEucHJn
    LmV4YW1wbGUubmV0ghdpbmZyYS0yLnByZy5leGFtcGxlLm5ldIIXaW5mcmEtMy5w
    cmcuZXhhbXBsZS5uZXQwHQYDVR0OBBYEFGrVl3kyIjY5hp8oG869Rxr4FyACMAoG
    CCqGSM49BAMCA0kAMEYCIQDGRqj3mkCa93dY/GObXkRSombWScrW0YApYJ8DxsXk
    LwIhAI4bsttr4MZxPNkRzZyJ6MkEte9wl1beI38Fm7CJYS8I
    -----END CERTIFICATE-----

    """

  /// The same without infra-3.
  static let partial = """
    -----BEGIN CERTIFICATE-----
    MIIBtDCCAVqgAwIBAgIUTbACTKNI3a/IuPZfy5KXBIpESpwwCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUbWFhcy5wcmcuZXhhbXBsZS5uZXQwHhcNMjYwMTAxMDAwMDAw
    WhcNMzYwMTAxMDAwMDAwWjAfMR0wGwYDVQQDDBRtYWFzLnByZy5leGFtcGxlLm5l
    dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMcdbFyDrcNN8sO14FZBQ7+jaQHc
    d0CDHK6/siScsVgX+73v+hlQCU1nHYknJsuxPhBEfW38+eJqw7TgBTVMKNKjdDBy
    MFEGA1UdEQRKMEiCFG1hYXMucHJnLmV4YW1wbGUubmV0ghdpbmZyYS0xLnByZy5l
    eGFtcGxlLm5ldIIXaW5mcmEtMi5wcmcuZXhhbXBsZS5uZXQwHQYDVR0OBBYEFIlX
    YJWhvyw0u9ccgXi0cniS1SxHMAoGCCqGSM49BAMCA0gAMEUCIFzvYm3SN6mnHBDG
    w4VF8zN4fUfu0N8HSwxCmcBkByJJAiEA8FlBG886m4iOEns+Q5cF+5poSQYmhSzU
    KB4+8ilknf4=
    -----END CERTIFICATE-----

    """

  /// For *.prg.example.net and 10.20.0.10, to 2056, which DER writes in another form.
  static let wildcard = """
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

  /// The same, to the end of September 2026.
  static let ending = """
    -----BEGIN CERTIFICATE-----
    MIIBhTCCASugAwIBAgIUBVEy1TRxAdiWotA2rxPucQPTkw0wCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUbWFhcy5wcmcuZXhhbXBsZS5uZXQwHhcNMjYwMTAxMDAwMDAw
    WhcNMjYwOTMwMDAwMDAwWjAfMR0wGwYDVQQDDBRtYWFzLnByZy5leGFtcGxlLm5l
    dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDyw28vM8l1LiDt6xi9pVDiYzZWE
    cZtrBgUHWDIyn11P5EWJlZTK7Poj2qMR0AHF8vrN84PylyGNfBYRU+WSb1WjRTBD
    MCIGA1UdEQQbMBmCESoucHJnLmV4YW1wbGUubmV0hwQKFAAKMB0GA1UdDgQWBBR5
    PMLdd1j10rmvWdFdkpW0VoBnrDAKBggqhkjOPQQDAgNIADBFAiBNUcfcF2be6sji
    Ji8iJdXHwCnirq1d/frA2NkopUBXmAIhAIrIkF1RNmgc0K4KaLGyLK3kF1db3jlB
    L5ptHf489rwb
    -----END CERTIFICATE-----

    """
}
