package import NetworkTypes

/// Literals for tests; a text that is no address becomes 0.0.0.0, which no golden contains.
package func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(.v4, 0) }

package func network(_ text: String) -> IPNetwork { interfaceAddress(text).network }

package func interfaceAddress(_ text: String) -> InterfaceAddress {
  if case .success(let value) = InterfaceAddress.parse(text) { value } else { InterfaceAddress(IPAddress(.v4, 0), prefixLength: 0) }
}
