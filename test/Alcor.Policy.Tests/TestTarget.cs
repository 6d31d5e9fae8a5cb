namespace Alcor.Policy.Tests;

/// <summary>Attributes as they are given: <c>"project_id=a", "shared=True"</c>.</summary>
internal sealed class TestTarget(params IEnumerable<string> attributes) : ITarget
{
    private readonly Dictionary<string, string> _texts = attributes
        .Select(attribute => attribute.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public string? Text(string attribute) => _texts.GetValueOrDefault(attribute);
}
