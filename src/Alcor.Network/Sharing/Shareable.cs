using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Sharing;

/// <summary>A resource type that can be shared, seen without knowing its record.</summary>
public interface IShareable
{
    IResourceType Type { get; }

    /// <summary>What a share of it may allow.</summary>
    ImmutableArray<string> Actions { get; }

    string OwnerOf(object resource);

    ImmutableArray<Share> SharesOf(object resource);

    /// <summary>Why a resource cannot be shared like this, if it cannot.</summary>
    ApiError? RefuseSharing(object resource, Share share, DecideContext context);

    /// <summary>
    /// Adds to a decision that the resource has these shares from now on, and whatever keeps a copy of them too.
    /// </summary>
    void Reshare(
        Decision decision, Stamped<object> current, ImmutableArray<Share> shares, DecideContext context);

    /// <summary>The projects whose resources use it by right of a share that allows this.</summary>
    IEnumerable<string> UsersOf(ResourceKey resource, string action, DecideContext context);
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

    public IEnumerable<string> UsersOf(ResourceKey resource, string action, DecideContext context) =>
        action != ShareAction.AsShared
            ? []
            : UsedBy.SelectMany(user => context.Referrers(resource, user).Select(r => user.QuotaProjectOf(r.Value)))
                .OfType<string>()
                .Distinct();
}
