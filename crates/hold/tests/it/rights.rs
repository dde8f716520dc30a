//! Who may do what (spec/registry.md §4.3).

use hold::{Captain, CrewMember, Permission};

use crate::rig::{Rig, captain, did, with};

/// Whether somebody may read, write and administer.
async fn rights(rig: &Rig, name: Option<&str>) -> (bool, bool, bool) {
    let did = name.map(did);
    let rights = rig.hold.rights(did.as_ref()).await.unwrap();
    (rights.may_read(), rights.may_write(), rights.may_administer())
}

async fn crew(rig: &Rig) {
    for (name, permissions) in [
        ("reader", vec![Permission::Read]),
        ("writer", vec![Permission::Write]),
        ("admin", vec![Permission::Read, Permission::Admin]),
        ("idler", vec![]),
    ] {
        rig.hold.take_on(CrewMember::new(did(name), "member", permissions)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn are_those_of_the_table() {
    for is_public in [true, false] {
        with(Captain { is_public, ..captain() }, "", async |rig| {
            crew(&rig).await;
            let table = [
                (None, (is_public, false, false)),
                (Some("captain"), (true, true, true)),
                (Some("reader"), (true, false, false)),
                (Some("writer"), (true, true, false)),
                (Some("admin"), (true, true, true)),
                (Some("idler"), (is_public, false, false)),
                (Some("stranger"), (is_public, false, false)),
            ];
            for (name, expected) in table {
                assert_eq!(
                    rights(&rig, name).await,
                    expected,
                    "{name:?} of a hold that is public: {is_public}"
                );
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_everybody_is_taken_on_only_nobody_is_kept_out() {
    with(Captain { is_public: false, allow_all_crew: true, ..captain() }, "", async |rig| {
        assert_eq!(rights(&rig, Some("stranger")).await, (true, true, false));
        assert_eq!(rights(&rig, None).await, (false, false, false));
        // Who was given less has less.
        crew(&rig).await;
        assert_eq!(rights(&rig, Some("reader")).await, (true, false, false));
        assert_eq!(rights(&rig, Some("idler")).await, (false, false, false));
        assert_eq!(rights(&rig, Some("writer")).await, (true, true, false));
        assert_eq!(rights(&rig, Some("admin")).await, (true, true, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn go_with_whoever_is_let_go() {
    with(captain(), "", async |rig| {
        crew(&rig).await;
        let members = rig.hold.crew(None, 10).await.unwrap();
        assert_eq!(
            members.iter().map(|member| member.member.clone()).collect::<Vec<_>>(),
            [did("admin"), did("idler"), did("reader"), did("writer")]
        );
        assert_eq!(rig.hold.crew(Some(&did("idler")), 1).await.unwrap(), members[2..3]);
        assert!(rig.hold.let_go(&did("writer")).await.unwrap());
        assert!(!rig.hold.let_go(&did("writer")).await.unwrap());
        assert_eq!(rights(&rig, Some("writer")).await, (true, false, false));
        let again = CrewMember {
            tier: Some("bosun".to_owned()),
            ..CrewMember::new(did("reader"), "write", vec![Permission::Write])
        };
        rig.hold.take_on(again.clone()).await.unwrap();
        let found = rig.hold.member(&did("reader")).await.unwrap().unwrap();
        assert_eq!((found.role, found.permissions, found.tier), (again.role, again.permissions, again.tier));
    })
    .await;
}
