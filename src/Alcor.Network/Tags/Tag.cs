using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Tags;

/// <summary>The rules of tags: words that their owners put on resources (Neutron: standard-attr-tag).</summary>
public static class Tag
{
    /// <summary>Characters of one tag.</summary>
    public const int CharactersMax = 60;

    /// <summary>Tags of one resource.</summary>
    public const int CountMax = 50;

    public static Schema<ImmutableArray<string>> Schema { get; } =
        Schemas.ListOf(Schemas.Text(CharactersMax), CountMax);

    public static ApiError NotFound(string tag) => new(404, "TagNotFound", $"Tag {tag} could not be found.");

    /// <summary>Each once, in the order of the alphabet, as they are kept.</summary>
    public static ImmutableArray<string> Normalise(ImmutableArray<string> tags) =>
        tags.IsEmpty ? tags : [.. tags.Distinct().Order(StringComparer.Ordinal)];

    public static ApiError? Check(string tag) => tag.Length switch
    {
        0 => ApiError.InvalidInput("tag", "it is empty"),
        > CharactersMax => ApiError.InvalidInput("tag", $"it exceeds {CharactersMax} characters"),
        _ => null,
    };
}
