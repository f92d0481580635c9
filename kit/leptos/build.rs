//! Makes the `i18n` module from `locales/`: what stands in `<name>.<language>.json` are the words of one
//! capability, by its name in front; what stands in `<language>.json` has none. A word that one language
//! lacks fails the build, and so does one that is there twice.
//!
//! By the two crates that do this work for `leptos_i18n_build`, which itself also brings ICU's data
//! and a client to download it with.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt, fs,
    path::{Path, PathBuf},
};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};

const LANGUAGES: [&str; 2] = ["en", "ja"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let merged = out.join("locales");
    fs::create_dir_all(&merged)?;
    let [first, rest @ ..] = LANGUAGES;
    let mut texts = Vec::new();
    for language in LANGUAGES {
        let words = merge(language)?;
        texts.push(words.list(""));
        let file = merged.join(format!("{language}.json"));
        fs::write(file, serde_json::to_string(&words)?)?;
    }

    let options = ParseOptions::default().interpolate_display(true);
    let config = Config::new(first)?.add_locales(rest)?;
    let words = parse_locales(None, config.locales_path(merged).parse_options(options))?;
    for missing in words.diag.warnings().iter() {
        println!("cargo::error={missing}");
    }
    let module = leptos_i18n_codegen::gen_code(&words, None, false, None, false)?;
    let folder = out.join("i18n");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mod.rs"), module.to_string())?;
    // What the words are called, for those who put others in their place.
    let keys: Vec<_> = texts[0].keys().collect();
    fs::write(folder.join("keys.rs"), format!("{keys:?}"))?;
    fs::write(folder.join("templates.rs"), templates(&texts))?;
    Ok(())
}

/// A macro that has the texts with values in them, in each language, by their names and those of the
/// values: `raw_text!(sign_up.password_hint, min)`.
fn templates(texts: &[BTreeMap<String, String>]) -> String {
    let with_values = texts[0].iter().filter_map(|(name, text)| {
        let values = text.split("{{").skip(1);
        let values = values.filter_map(|part| Some(part.split_once("}}")?.0.trim()));
        let values: Vec<_> = values.collect();
        let in_each = texts
            .iter()
            .map(|texts| texts.get(name).map_or("", String::as_str));
        let in_each: Vec<_> = in_each.collect();
        (!values.is_empty())
            .then(|| format!("({name}, {}) => {{ {in_each:?} }};", values.join(", ")))
    });
    let arms: Vec<_> = with_values.collect();
    format!(
        "macro_rules! raw_text {{ {} }}\npub(crate) use raw_text;\n",
        arms.join("\n")
    )
}

/// All words of that language.
fn merge(language: &str) -> Result<Words, Box<dyn Error>> {
    let mut all = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir("locales")?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::path);
    for file in files {
        let name = file.file_name().into_string().unwrap_or_default();
        let parts: Vec<&str> = name.split('.').collect();
        match parts[..] {
            [of, "json"] if of == language => {
                let Words::Section(words) = read(&file.path())? else {
                    return Err(format!("{name} holds one word").into());
                };
                for (key, word) in words {
                    add(&mut all, key, word, &name)?;
                }
            }
            [capability, of, "json"] if of == language => {
                add(&mut all, capability.to_owned(), read(&file.path())?, &name)?;
            }
            [capability, of, "json"] if LANGUAGES.contains(&of) => {
                let ours = format!("locales/{capability}.{language}.json");
                if !Path::new(&ours).exists() {
                    println!("cargo::error={ours} is missing, and {name} is there");
                }
            }
            [of, "json"] if LANGUAGES.contains(&of) => {}
            _ => return Err(format!("locales/{name}: of which language?").into()),
        }
    }
    Ok(Words::Section(all))
}

fn add(
    all: &mut BTreeMap<String, Words>,
    key: String,
    word: Words,
    file: &str,
) -> Result<(), Box<dyn Error>> {
    if all.contains_key(&key) {
        return Err(format!("locales/{file}: \"{key}\" is there twice").into());
    }
    all.insert(key, word);
    Ok(())
}

fn read(file: &Path) -> Result<Words, Box<dyn Error>> {
    serde_json::from_str(&fs::read_to_string(file)?)
        .map_err(|error| format!("{}: {error}", file.display()).into())
}

/// A word, or words by their names.
#[derive(Serialize)]
#[serde(untagged)]
enum Words {
    Word(String),
    Section(BTreeMap<String, Words>),
}

impl Words {
    /// Each word by its name, as in `sign_in.title`.
    fn list(&self, name: &str) -> BTreeMap<String, String> {
        match self {
            Self::Word(word) => BTreeMap::from([(name.to_owned(), word.clone())]),
            Self::Section(words) => {
                let dot = if name.is_empty() { "" } else { "." };
                let words = words.iter();
                let words = words.flat_map(|(key, word)| word.list(&format!("{name}{dot}{key}")));
                words.collect()
            }
        }
    }
}

/// `serde_json` itself takes the last of two members by one name.
impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or texts by their names")
            }

            fn visit_str<E>(self, word: &str) -> Result<Words, E> {
                Ok(Words::Word(word.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Words, M::Error> {
                let mut words = BTreeMap::new();
                while let Some((key, word)) = map.next_entry::<String, Words>()? {
                    if words.insert(key.clone(), word).is_some() {
                        return Err(M::Error::custom(format!("\"{key}\" is there twice")));
                    }
                }
                Ok(Words::Section(words))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
