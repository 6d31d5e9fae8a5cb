using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Tags;

/// <summary>Gives a resource other tags. Setting what is there changes nothing.</summary>
/// <param name="Current">What the resource was when the request came; says where it lives.</param>
/// <param name="Tags">The new tags, given those that it has.</param>
public sealed record SetTags(
    IResourceType Type,
    Stamped<object> Current,
    Func<ImmutableArray<string>, Result<ImmutableArray<string>>> Tags,
    long? IfRevision) : ICommand
{
    public PartitionKey Lane => Type.PartitionOf(Current.Value);

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        var key = Type.KeyOf(Current.Value);
        if (snapshot.Find(key) is not { } found)
            return Type.Api.NotFound(key.Id);
        if (IfRevision is { } expected && expected != found.Revision)
            return Errors.RevisionNumberConstraintFailed(key.Id, expected);
        var before = Type.TagsOf(found.Value);
        var after = Tags(before);
        if (after.Error is { } error)
            return error;
        if (after.Value.SequenceEqual(before))
            return new Decision();
        return new Decision()
            .Update(Type, Type.WithTags(found.Value, after.Value, context.Now), found)
            .AndAnswer();
    }
}
