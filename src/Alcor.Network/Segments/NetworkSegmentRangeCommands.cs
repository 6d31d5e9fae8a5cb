using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>What the Networking API can ask of network segment ranges.</summary>
public sealed class NetworkSegmentRangeCommands : IResourceCommands
{
    public IResourceType Type => NetworkSegmentRange.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateNetworkSegmentRanges(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateNetworkSegmentRange((NetworkSegmentRange)current.Value, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteNetworkSegmentRange((NetworkSegmentRange)current.Value, change.IfRevision);
}
