using Alcor.Kernel.Resources;

namespace Alcor.Network.Segments;

/// <summary>What the Networking API can ask of segments.</summary>
public sealed class SegmentCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => Segment.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateSegments(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateSegment(((Segment)current.Value).Id, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteSegment((Segment)current.Value, change.IfRevision);
}
