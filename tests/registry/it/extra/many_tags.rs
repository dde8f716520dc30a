//! More tags than one page has, page by page; `bench registry` has ten thousand.

use reqwest::Url;

use super::{Scene, image, push};

const TAGS: usize = 500;
/// As many as one request may bring.
const AT_ONCE: usize = 10;
const PAGE: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn every_tag_is_on_exactly_one_page() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let set = image(&[]);
    push(repository, &set).await;
    let manifest = &set.manifests[0];
    let mut tags: Vec<String> = (0..TAGS).map(|n| format!("{}{n}", ["v", "V", "_", "1."][n % 4])).collect();
    for some in tags.chunks(AT_ONCE) {
        let query: Vec<String> = some.iter().map(|tag| format!("tag={tag}")).collect();
        let reference = format!("{}?{}", manifest.digest, query.join("&"));
        let answer = repository.put_manifest(&reference, manifest.media_type, manifest.bytes.clone()).await;
        answer.unwrap().expect(&[201]).unwrap();
    }
    tags.sort_unstable();

    let (mut listed, mut pages) = (Vec::new(), 0);
    let mut next =
        Some(format!("{}{}", scene.registry.server.url(), repository.path(&format!("tags/list?n={PAGE}"))));
    while let Some(url) = next {
        let answer = repository.get_at(&url).await.unwrap().expect(&[200]).unwrap();
        let json = answer.json().unwrap();
        let page = json["tags"].as_array().unwrap();
        assert!(page.len() <= PAGE, "{}", page.len());
        listed.extend(page.iter().map(|tag| tag.as_str().unwrap().to_owned()));
        pages += 1;
        next = answer.header("link").map(|link| {
            let (to, rel) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap();
            assert_eq!(rel, "; rel=\"next\"");
            Url::parse(&url).unwrap().join(to).unwrap().into()
        });
    }
    assert_eq!(listed, tags);
    assert!(pages >= TAGS / PAGE, "{pages}");
    let none = repository.get("tags/list?n=0").await.unwrap().expect(&[200]).unwrap();
    assert_eq!((none.json().unwrap()["tags"].as_array().unwrap().len(), none.header("link")), (0, None));
}
