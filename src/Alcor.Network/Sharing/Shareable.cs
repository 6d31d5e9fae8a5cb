using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Sharing;

/// <summary>A resource type that can be shared, seen without knowing its record.</summary>
public interface IShareable
{
    IResourceType Type { get; }

    /// <summary>What a share of it may allow.</summary>
    ImmutableArray<string> Actions { get; }

    /// <summary>
    /// Whether the end of a share is judged as Neutron judges it of all types but networks: if it is one with
    /// everybody, the owner counts among the users; and whom a changed policy is for does not count.
    /// </summary>
    bool IsEndStrict { get; }

    string OwnerOf(object resource);

    ImmutableArray<Share> SharesOf(object resource);

    /// <summary>Why a resource cannot be shared like this, if it cannot.</summary>
    ApiError? RefuseSharing(object resource, Share share, DecideContext context);

    /// <summary>
    /// Adds to a decision that the resource has these shares from now on, and whatever keeps a copy of them too.
    /// </summary>
    void Reshare(
        Decision decision, Stamped<object> current, ImmutableArray<Share> shares, DecideContext context);

    /// <summary>
    /// Why a share of it cannot end with only these left: what Neutron says of that; null: it can.
    /// </summary>
    string? FindReasonFor(object resource, Share ended, ImmutableArray<Share> left, DecideContext context);
}

/// <summary>A resource type that can be shared: how its shares are read and replaced.</summary>
public sealed class Shareable<T>(ResourceType<T> type) : IShareable
    where T : class
{
    public IResourceType Type => type;

    public ImmutableArray<string> Actions { get; init; } = [ShareAction.AsShared];

    public required Func<T, string> Owner { get; init; }

    public required Func<T, ImmutableArray<Share>> Shares { get; init; }

    public required Func<T, ImmutableArray<Share>, T> WithShares { get; init; }

    /// <summary>The types whose resources refer to it because they use it.</summary>
    public ImmutableArray<IResourceType> UsedBy { get; init; } = [];

    public bool IsEndStrict { get; init; } = true;

    /// <summary>Another reason for which a share cannot end, given what is left.</summary>
    public Func<T, Share, ImmutableArray<Share>, DecideContext, string?> NeededFor { get; init; } =
        (_, _, _, _) => null;

    /// <summary>What else changes with the shares, such as the copies that the subnets of a network keep.</summary>
    public Action<Decision, T, DecideContext> Follow { get; init; } = (_, _, _) => { };

    public Func<T, Share, DecideContext, ApiError?> Refuse { get; init; } = (_, _, _) => null;

    public string OwnerOf(object resource) => Owner((T)resource);

    public ImmutableArray<Share> SharesOf(object resource) =>
        Shares((T)resource) is { IsDefault: false } shares ? shares : [];

    public ApiError? RefuseSharing(object resource, Share share, DecideContext context) =>
        Refuse((T)resource, share, context);

    public void Reshare(
        Decision decision, Stamped<object> current, ImmutableArray<Share> shares, DecideContext context)
    {
        var updated = WithShares((T)current.Value, shares);
        decision.Update(type, updated, current);
        Follow(decision, updated, context);
    }

    public string? FindReasonFor(
        object resource, Share ended, ImmutableArray<Share> left, DecideContext context)
    {
        if (NeededFor((T)resource, ended, left, context) is { } reason)
            return reason;
        if (ended.Action != ShareAction.AsShared)
            return null;
        var isStranded = UsedBy
            .SelectMany(user => context.Referrers(type.Key(type.Id((T)resource)), user)
                .Select(found => user.QuotaProjectOf(found.Value)))
            .OfType<string>()
            .Any(project => Needs(project, OwnerOf(resource), ended)
                && !Sharing.Shares.IsSharedWith(project, left));
        return isStranded ? $"project_id={ended.Target}" : null;
    }

    private bool Needs(string project, string owner, Share ended) => ended.Target == Share.Everybody
        ? IsEndStrict || project != owner
        : project == ended.Target && project != owner;
}
