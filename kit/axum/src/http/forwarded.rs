//! The addresses in `Forwarded` (RFC 7239), and as `X-Forwarded-For` writes them.

use std::net::{IpAddr, Ipv6Addr};

/// For each hop of one line, in its order, the address that it names; `None` where it names none, or
/// where the line cannot be read.
pub fn read(line: &[u8]) -> Vec<Option<IpAddr>> {
    let Some(elements) = split(line, b',') else {
        return vec![None];
    };
    elements.into_iter().map(read_element).collect()
}

/// `for=192.0.2.43;proto=https` (§4). A parameter that comes twice is not believed.
fn read_element(element: &[u8]) -> Option<IpAddr> {
    let mut address = None;
    for pair in split(element, b';')? {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at(equals);
        if name.trim_ascii().eq_ignore_ascii_case(b"for")
            && address.replace(read_node(&value[1..])).is_some()
        {
            return None;
        }
    }
    address.flatten()
}

/// A node (§6): an address, perhaps in brackets, with a port, or in quotes. `unknown` and names that
/// hide something are no address.
pub fn read_node(node: &[u8]) -> Option<IpAddr> {
    let node = str::from_utf8(node).ok()?.trim_matches([' ', '\t']);
    let node = match node.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => node,
    };
    let address = if let Some(bracketed) = node.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        if !(rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port)) {
            return None;
        }
        address.parse::<Ipv6Addr>().ok()?.into()
    } else if let Ok(address) = node.parse::<IpAddr>() {
        address
    } else {
        let (address, port) = node.split_once(':')?;
        let address: IpAddr = address.parse().ok()?;
        if !is_port(port) {
            return None;
        }
        address
    };
    Some(address.to_canonical())
}

/// A number, or a name that begins with `_` and hides one.
fn is_port(port: &str) -> bool {
    match port.strip_prefix('_') {
        Some(name) => !name.is_empty() && name.bytes().all(is_of_name),
        None => (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Cuts at a byte that stands outside of quotes; `None` if a quote does not end.
fn split(text: &[u8], at: u8) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (place, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if *byte == at && !quoted => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (!quoted).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(line: &str) -> Vec<String> {
        let name = |hop: Option<IpAddr>| hop.map_or("-".to_owned(), |hop| hop.to_string());
        read(line.as_bytes()).into_iter().map(name).collect()
    }

    /// The examples of RFC 7239 §4, §6 and §7, and what must not pass.
    #[test]
    fn a_line_is_read_as_the_rfc_writes_it() {
        for (line, expected) in [
            ("for=\"_gazonk\"", &["-"][..]),
            ("For=\"[2001:db8:cafe::17]:4711\"", &["2001:db8:cafe::17"]),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", &["192.0.2.60"]),
            (
                "for=192.0.2.43, for=198.51.100.17",
                &["192.0.2.43", "198.51.100.17"],
            ),
            (
                "for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown",
                &["192.0.2.43", "2001:db8:cafe::17", "-"],
            ),
            ("for=_hidden, for=_SEVKISEK", &["-", "-"]),
            ("for=\"192.0.2.43:47011\"", &["192.0.2.43"]),
            ("for=\"[2001:db8::1]:_obf.1\"", &["2001:db8::1"]),
            ("proto=https;for=192.0.2.43", &["192.0.2.43"]),
            ("host=\"a;b,c\";for=192.0.2.43", &["192.0.2.43"]),
            ("host=\"a\\\",for=6.6.6.6\";for=192.0.2.43", &["192.0.2.43"]),
            ("proto=https", &["-"]),
            ("for=192.0.2.43;for=6.6.6.6", &["-"]),
            ("for=\"192.0.2.43", &["-"]),
            ("for=192.0.2.43:", &["-"]),
            ("for=192.0.2.43:port", &["-"]),
            ("for=[2001:db8::1", &["-"]),
            ("for=\"[2001:db8::1]x\"", &["-"]),
            ("for=[192.0.2.43]", &["-"]),
            ("192.0.2.43", &["-"]),
            ("", &["-"]),
        ] {
            assert_eq!(addresses(line), expected, "{line}");
        }
    }
}
