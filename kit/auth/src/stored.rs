//! Words in rows: an enum's code, as text.
//!
//! A newer version of this software may run on the same database and write words that this one does
//! not know. Such a word is no error: a decoding that fails takes every other row of its statement
//! along. Each enum has a case for what it does not know.

/// Stores an enum by its `code()` and reads it back by its `from_code()`, which never fails.
macro_rules! stored_word {
    ($word:ty) => {
        impl<DB: sqlx::Database> sqlx::Type<DB> for $word
        where
            str: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <str as sqlx::Type<DB>>::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                <str as sqlx::Type<DB>>::compatible(ty)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $word
        where
            &'static str: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut <DB as sqlx::Database>::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                sqlx::Encode::<DB>::encode_by_ref(&self.code(), buffer)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $word
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(
                value: <DB as sqlx::Database>::ValueRef<'r>,
            ) -> Result<Self, sqlx::error::BoxDynError> {
                <&str as sqlx::Decode<DB>>::decode(value).map(Self::from_code)
            }
        }
    };
}

pub(crate) use stored_word;
