//! Where a server answers `WebFinger`, if not at the usual place.

use quick_xml::escape::escape;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use crate::Address;

use super::Handle;

/// A `host-meta` document, of which only one link counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostMeta {
    /// An address with `{uri}` in place of what is asked for.
    template: String,
}

impl HostMeta {
    /// Its type.
    pub const CONTENT_TYPE: &str = "application/xrd+xml; charset=utf-8";

    /// Bytes of a document that is read.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// That of a server whose address is `base`, without a slash at its end.
    #[must_use]
    pub fn of(base: &str) -> Self {
        Self { template: format!("{base}{}?resource={{uri}}", super::PATH) }
    }

    /// As XRD 1.0.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let template = escape(self.template.as_str());
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
             <Link rel=\"lrdd\" template=\"{template}\"/>\n</XRD>\n"
        )
    }

    /// Reads another server's; `None` if it names no place.
    #[must_use]
    pub fn parse(xml: &str) -> Option<Self> {
        let mut reader = Reader::from_str(&xml[..xml.floor_char_boundary(Self::MAX_BYTES)]);
        loop {
            let element = match reader.read_event().ok()? {
                Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == b"Link" => {
                    element
                }
                Event::Eof => return None,
                _ => continue,
            };
            let attribute = |name: &str| {
                let attribute = element.try_get_attribute(name).ok()??;
                attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
            };
            if attribute("rel").as_deref() != Some("lrdd") {
                continue;
            }
            if let Some(template) = attribute("template").filter(|template| template.contains("{uri}")) {
                return Some(Self { template });
            }
        }
    }

    /// Where to ask for `handle`.
    #[must_use]
    pub fn query(&self, handle: &Handle) -> Option<Address> {
        let resource: String = url::form_urlencoded::byte_serialize(handle.account().as_bytes()).collect();
        Address::parse(&self.template.replace("{uri}", &resource)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_webfinger() {
        let meta = HostMeta::of("http://127.0.0.1:8080");
        assert_eq!(HostMeta::parse(&meta.to_xml()), Some(meta.clone()));
        let handle = Handle::parse("@alice@127.0.0.1:8080").unwrap();
        assert_eq!(meta.query(&handle).unwrap().as_str(), handle.query("http"));
        let odd = HostMeta { template: "https://a.example/?a=\"<&r={uri}".into() };
        assert_eq!(HostMeta::parse(&odd.to_xml()), Some(odd));
    }

    #[test]
    fn of_others_is_read_as_it_comes() {
        let xml = "<x:XRD xmlns:x='u'><!-- --><x:Link rel='other' template='https://no.example/{uri}'/>
            <x:Link type='application/jrd+json' template='https://b.example/wf?q={uri}&amp;x=1' rel='lrdd'></x:Link></x:XRD>";
        let handle = Handle::parse("bob@b.example").unwrap();
        let query = HostMeta::parse(xml).unwrap().query(&handle).unwrap();
        assert_eq!(query.as_str(), "https://b.example/wf?q=acct%3Abob%40b.example&x=1");
        for bad in [
            "",
            "<",
            "<XRD/>",
            "<Link rel='lrdd'/>",
            "<Link rel='lrdd' template='x'/>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        ] {
            assert_eq!(HostMeta::parse(bad), None, "{bad}");
        }
        let script = HostMeta::parse("<Link rel='lrdd' template='javascript:{uri}'/>").unwrap();
        assert_eq!(script.query(&handle), None);
    }
}
